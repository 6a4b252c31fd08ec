import { unzipSync } from "fflate";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AppSettings } from "../contract/app-settings";
import { packageBot } from "../infra/code/package";
import { median, type Row } from "./row";
import { type Host, oneCore, startHost } from "./turns/host";
import { assertCalls, deliver, type Load, load, messageIn } from "./turns/load";
import { type Calls, type StandIn, startStandIn } from "./turns/stand-in";

/** Rounds, the milliseconds that each host has in a round, and messages that are sent at once. */
const rounds = 3;
const roundTime = 10_000;
const users = 8;
/** Turns before the first round: a time instead would be too short for V8 where other programs run. */
const warmUp = 1_000;

export const bot = {
  appId: "11111111-2222-3333-4444-555555555555",
  tenantId: "99999999-8888-7777-6666-555555555555",
  serviceUrl: "https://directline.botframework.com/",
};

/** What every host calls in a turn: the mail's claim is read and written before the mail and after it. */
const callsOfTurn: Calls = { "token service": 1, graph: 1, connector: 1, "blob read": 2, "blob write": 2 };

/** What was measured of a host in one round. */
interface Round extends Load {
  /** Milliseconds of processor for each turn. */
  readonly cpu: number;
  /** Bytes. */
  readonly rss: number;
}

/**
 * Turns a second, on one core, of the bundled bot, of the SDK's own host and of botbuilder's, in turn, against the same
 * services: the same signed-in turn that sends a mail. Throws where one takes a message without the channel's token, or
 * does less work than another.
 *
 * `TURNS_PROFILES`: a folder for a profile of each host's processor time.
 */
export async function turnsRow(root: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "bench-turns-"));
  const hosts: Host[] = [];
  const standIn = await startStandIn(bot);
  try {
    installHosts(join(root, "bench"));
    const env = environment(standIn, folder);
    const scripts = {
      "our host": await unpackBot(root, folder),
      "the SDK's host": join(__dirname, "turns", "agents-sdk.mjs"),
      botbuilder: join(__dirname, "turns", "botbuilder.mjs"),
    };
    for (const [name, script] of Object.entries(scripts))
      hosts.push(await startHost({ name, script, env, profiles: process.env.TURNS_PROFILES }));
    for (const host of hosts) await assertWork(host, standIn);
    for (const host of hosts) await load(host.address, standIn, bot.serviceUrl, { turns: warmUp }, users);
    standIn.take();

    const measured = new Map(hosts.map((host) => [host, [] as Round[]]));
    for (let round = 0; round < rounds; round++)
      for (const [host, of] of measured) of.push(await measure(host, standIn));
    return rowOf([...measured].map(([{ name }, of]) => ({ name, of })));
  } finally {
    for (const host of hosts) await host.stop();
    standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A message without the channel's token is refused and costs no call; one with it makes every call of a turn. */
async function assertWork({ name, address, said }: Host, standIn: StandIn): Promise<void> {
  const send = (token?: string): Promise<number> => deliver(address, messageIn("first", bot.serviceUrl), token);
  standIn.take();
  const refused = await send();
  if (refused !== 401) throw new Error(`${name} answers ${refused} to a message without a token.`);
  assertCalls(name, 0, callsOfTurn, standIn.take());
  const taken = await send(standIn.channelToken);
  const calls = standIn.take();
  if (taken !== 200)
    throw new Error(`${name} answers ${taken} to a message. It called ${JSON.stringify(calls)}.\n${said()}`);
  assertCalls(name, 1, callsOfTurn, calls);
}

async function measure(host: Host, standIn: StandIn): Promise<Round> {
  const before = await host.used();
  const { took, milliseconds } = await load(host.address, standIn, bot.serviceUrl, { milliseconds: roundTime }, users);
  const after = await host.used();
  assertCalls(host.name, took.length, callsOfTurn, standIn.take());
  return { took, milliseconds, cpu: (after.cpu - before.cpu) / took.length, rss: after.rss };
}

function rowOf(hosts: readonly { readonly name: string; readonly of: readonly Round[] }[]): Row {
  const speed = ({ took, milliseconds }: Round): number => (took.length * 1_000) / milliseconds;
  const figures = hosts.map(({ name, of }) => {
    const took = of.flatMap((round) => round.took).sort((one, other) => one - other);
    const at = (part: number): string => `${(took[Math.floor(took.length * part)] ?? Number.NaN).toFixed(0)} ms`;
    const speeds = median(of.map(speed));
    const cpu = median(of.map((round) => round.cpu));
    const text =
      `${name} ${speeds.toFixed(0)} turns a second, p50 ${at(0.5)}, p99 ${at(0.99)}, ` +
      `${cpu.toFixed(2)} ms of processor a turn, ${Math.max(...of.map(({ rss }) => rss / 1024 ** 2)).toFixed(0)} MB`;
    return { text, cpu };
  });
  const [ours, sdk, botbuilder] = figures as [(typeof figures)[0], (typeof figures)[0], (typeof figures)[0]];
  const ratios = (other: number): number =>
    median((hosts[0]?.of ?? []).map((round, at) => speed(round) / speed(hosts[other]?.of[at] as Round)));
  return {
    name: `signed-in turns that send a mail, ${oneCore() ? "one core each" : "no taskset here: cores not limited"}`,
    ours: ours.text,
    rival: `${sdk.text}; ${botbuilder.text}`,
    ratio: ratios(1),
    note:
      `to botbuilder ${ratios(2).toFixed(2)}; by processor time ${(sdk.cpu / ours.cpu).toFixed(2)} and ` +
      `${(botbuilder.cpu / ours.cpu).toFixed(2)}; medians of ${rounds} rounds in turn, ${users} messages at once`,
  };
}

/** The app settings of all hosts, and where their Azure is. */
export function environment(standIn: StandIn, folder: string): NodeJS.ProcessEnv {
  const certificate = join(folder, "authority.pem");
  writeFileSync(certificate, standIn.authority);
  const settings: AppSettings = {
    MicrosoftAppId: bot.appId,
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: bot.tenantId,
    MicrosoftAppPassword: "the-bot-password",
    MicrosoftAppPasswordBefore: "the-bot-password-before",
    OAUTH_CONNECTIONS: JSON.stringify([
      { name: "GraphConnection", provider: "entra", scopes: ["Mail.Send"], skill: "mail" },
    ]),
    TOKEN_SERVICE_ENDPOINT: "https://api.botframework.com",
    DIRECT_LINE_ENDPOINT: "https://directline.botframework.com",
    DIRECT_LINE_SECRET_URI: "https://the-vault.vault.azure.net/secrets/direct-line-secret",
    STATE_CONTAINER_URL: "https://account.blob.core.windows.net/state",
    MANAGED_IDENTITY_CLIENT_ID: "12121212-3434-5656-7878-909090909090",
    CHAT_SESSION_KEY: "0123456789abcdef0123456789abcdef",
    CHAT_SESSION_KEY_BEFORE: "fedcba9876543210fedcba9876543210",
    SECRETS_ROTATION: "0",
    SECRETS_END: "2027-04-21T03:04:05Z/2027-05-21T03:04:05Z",
    CHAT_TITLE: "Mail",
    CHAT_FRAME_ANCESTORS: "'none'",
    CHAT_PAGE: "off",
    CHAT_ACCESS: "everyone",
    CHAT_ALLOWED_NETWORKS: "everywhere",
    TEAMS_GROUPS: "off",
  };
  return {
    ...settings,
    // What the SDK's samples call the same three.
    clientId: settings.MicrosoftAppId,
    tenantId: settings.MicrosoftAppTenantId,
    clientSecret: settings.MicrosoftAppPassword,
    STAND_IN_PORT: String(standIn.port),
    NODE_EXTRA_CA_CERTS: certificate,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${standIn.identityPort}/msi/token`,
    IDENTITY_HEADER: "of-this-machine",
  };
}

/** Lays the bundle out as App Service does; gives the path of its entry. */
async function unpackBot(root: string, folder: string): Promise<string> {
  const { zipPath } = await packageBot(root);
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zipPath)))) {
    if (name.endsWith("/")) continue;
    mkdirSync(dirname(join(folder, "bot", name)), { recursive: true });
    writeFileSync(join(folder, "bot", name), content);
  }
  return join(folder, "bot", "index.js");
}

/** Of the project's own installer, which is plain JavaScript. */
const { lacking } = createRequire(__filename)("../install.js") as {
  lacking(lock: object, installed: object | undefined, isThere: (folder: string) => boolean): string | undefined;
};

/** Installs what bench/package-lock.json names and bench/node_modules lacks. */
export function installHosts(folder: string): void {
  const isThere = (name: string): boolean => existsSync(join(folder, name));
  const read = (name: string): object => JSON.parse(readFileSync(join(folder, name), "utf8")) as object;
  const laid = "node_modules/.package-lock.json";
  if (!lacking(read("package-lock.json"), isThere(laid) ? read(laid) : undefined, isThere)) return;
  process.stderr.write("Installing the hosts that the bot is measured against ...\n");
  execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}
