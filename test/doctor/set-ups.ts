import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Access, deployerAccess } from "../../infra/azure/access";
import { python3 } from "../../local/azure/app-service/runtimes";
import { type LocalAzure, startLocalAzure } from "../../local/azure/azure";
import { runProgram } from "../../local/embedded";
import { withLocalSecrets, withSecretsSet } from "../../local/local-secrets";
import { mayMakeCertificates } from "../support/certificates-officer";
import { connectThisProcess, root } from "../support/deployed";
import { makeByHand } from "./by-hand";
import { Hand } from "./hand";
import type { Seed } from "./seeds/seed";
import { pause } from "./seeds/seed";
import type { ShapeName } from "./shape-name";
import { makeShared } from "./shared";
import type { Store } from "../../local/azure/arm/store";

/** A healthy set-up of one shape. */
export interface Shape {
  readonly name: ShapeName;
  /** What is particular of it. */
  readonly says: string;
  /** The stack whose settings it has, besides {@link config}; undefined where nothing of it was made by the program. */
  readonly stack?: string;
  readonly config?: (azure: LocalAzure, folder: string) => Promise<Record<string, unknown>>;
  /** Consent is given by a person, and not by the deployment. */
  readonly consentByHand?: true;
  /** Who asks may not read the vault's secrets. */
  readonly blind?: true;
  /** What this machine lacks for it. */
  readonly lacks?: () => string | undefined;
}

const consented = { adminConsent: true };

export const shapes: readonly Shape[] = [
  { name: "mail", says: "global, with secrets, consent by an administrator's hand", stack: "dev", consentByHand: true },
  {
    name: "europe",
    says: "residency europe; who asks may not read the vault's secrets",
    stack: "dev",
    blind: true,
    config: async () => ({ ...consented, residency: "europe" }),
  },
  { name: "india", says: "residency india", stack: "dev", config: async () => ({ ...consented, residency: "india" }) },
  {
    name: "managed",
    says: "no secret: a managed identity, a federated credential",
    stack: "no-secret",
    config: async () => consented,
  },
  {
    name: "certificate",
    says: "no secret: a certificate whose key stays in the vault",
    stack: "no-secret",
    config: certified,
  },
  {
    name: "teams",
    says: "Teams with single sign-on and answers in groups",
    stack: "teams",
    config: async () => consented,
  },
  {
    name: "three-services",
    says: "Microsoft Graph, GitHub and a company's service",
    stack: "three-services",
    config: async () => consented,
  },
  {
    name: "no-chat-page",
    says: "no chat page and no site of Direct Line",
    stack: "dev",
    config: async () => ({ ...consented, chatPage: { enabled: false } }),
  },
  {
    name: "handed-in",
    says: "group, vault, plan, workspace and sign-in application handed in",
    stack: "dev",
    config: makeShared,
    consentByHand: true,
  },
  {
    name: "own-bot",
    says: "a bot of one's own, in Python",
    stack: "dev",
    config: ownBot,
    lacks: () => (python3() ? undefined : "python3"),
  },
  { name: "by-hand", says: "made by hand with az: Web Chat only, the vault in another group, no stack" },
];

/** What the doctor is asked about. */
export type Subject = { readonly folder: string; readonly stack: string } | { readonly bot: string };

/** What the platform says when an app's start is over, however it went; the bots say that they listen. */
const startOver = /listening|did not start|ended by itself|cannot be started|is stopped/;
/** Milliseconds for a start, on a machine that does much else. */
const startLimit = 20_000;

/** A healthy set-up that stands, and can be put back to how it was. */
export class SetUp {
  #putBack: () => Promise<void> = () => Promise.resolve();
  /** Number of the last exchange when the set-up was last well, and how many starts were over then. */
  #wellAt = { exchange: 0, starts: 0 };

  private constructor(
    readonly shape: Shape,
    readonly azure: LocalAzure,
    readonly hand: Hand,
    readonly subject: Subject,
    readonly environment: Record<string, string>,
    readonly access: Access,
    /** Folder of the stack's files; an empty one where there is none. */
    readonly folder: string,
    private readonly starts: () => number,
    private readonly disconnect: () => void,
  ) {}

  /** Deploys a shape into a local Azure of its own; this process is then at the deployer's desk. */
  static async of(shape: Shape): Promise<SetUp> {
    let starts = 0;
    const count = (line: string): void => void (startOver.test(line) && starts++);
    const azure = await startLocalAzure({ port: 0, onLog: count, onAppLog: ({ text }) => count(text) });
    const folder = await mkdtemp(join(tmpdir(), "doctor-score-"));
    const disconnect = await connectThisProcess(azure, "doctor");
    try {
      const hand = new Hand(azure);
      const environment = await azure.deployerEnvironment();
      const access = deployerAccess(environment);
      const subject = await (shape.stack === undefined
        ? makeByHand(hand).then((bot) => ({ bot }))
        : deploy(azure, folder, shape.stack, (await shape.config?.(azure, folder)) ?? {}));
      const at = [shape, azure, hand, subject, environment, access, folder] as const;
      const setUp = new SetUp(...at, () => starts, disconnect);
      if (shape.consentByHand) await setUp.#consentByHand();
      if (!shape.blind && shape.stack !== undefined) {
        await hand.giveRole(hand.vault, "keyVaultSecretsUser", azure.tenant.deployer.objectId);
      }
      await setUp.#untilWell();
      setUp.#putBack = await azure.checkpoint();
      return setUp;
    } catch (error) {
      disconnect();
      await azure.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Everything that a person can change, as text: to see that something was changed. */
  get state(): string {
    const { azure } = this;
    const { applications, servicePrincipals, oauth2PermissionGrants } = azure.entra;
    const { federatedIdentityCredentials, deletedItems } = azure.entra;
    const maps: readonly Map<string, unknown>[] = [
      applications,
      servicePrincipals,
      oauth2PermissionGrants,
      federatedIdentityCredentials,
      deletedItems,
    ];
    const resources = (azure.resources as Store).all();
    return JSON.stringify([azure.clock.ahead, resources, maps.map((map) => [...map])]);
  }

  /** Makes a fault, and waits until the app has started anew where it has to. Throws where nothing was changed. */
  async seed(seed: Seed): Promise<void> {
    const before = this.state;
    await seed.seed(this.hand);
    if (this.state === before) throw new Error("the fault changes nothing");
    if (this.#written(/config\/web|config\/appsettings|restart/)) await this.#started();
  }

  /** Puts everything back to how it was when the set-up had just been made, and waits until the bot is well. */
  async putBack(): Promise<void> {
    const restarts =
      this.azure.clock.ahead !== 0 || this.#written(/config\/web|config\/appsettings|stop|start|restart/);
    await this.#putBack();
    const site = this.hand.webApp;
    await this.hand.portal.arm("POST", `${site}/config/configreferences/appsettings/refresh`);
    if (restarts) {
      this.#wellAt = { ...this.#wellAt, starts: this.starts() };
      await this.hand.portal.arm("POST", `${site}/restart`);
      await this.#started();
    }
    await this.#untilWell();
  }

  async close(): Promise<void> {
    this.disconnect();
    await this.azure.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Whether somebody wrote one of these below the web app since the set-up was last well. */
  #written(what: RegExp): boolean {
    return this.azure.trace.exchanges(this.#wellAt.exchange).some(({ method, url }) => {
      const [, below = ""] = /\/Microsoft\.Web\/sites\/[^/?]+\/?([^?]*)/i.exec(url) ?? [];
      const part = below.replace(/\/list$/, "#");
      return method !== "GET" && new RegExp(`^(?:${what.source})$`).test(part);
    });
  }

  /** Waits until a start of the app is over, however it went. */
  async #started(): Promise<void> {
    for (const until = Date.now() + startLimit; Date.now() < until && this.starts() <= this.#wellAt.starts;)
      await pause(50);
  }

  /** Waits until the bot's health page says that all is well, or, of a bot without one, that it refuses strangers. */
  async #untilWell(): Promise<void> {
    const host = await this.hand.host();
    const hasPage = this.shape.stack !== undefined && this.shape.name !== "own-bot";
    let last = "nothing";
    for (const until = Date.now() + 2 * startLimit; Date.now() < until; await pause(100)) {
      const answer = await (
        hasPage
          ? fetch(`https://${host}/healthz`)
          : fetch(`https://${host}/api/messages`, { method: "POST", body: "{}" })
      ).catch((error: Error) => error);
      if (answer instanceof Error) last = answer.message;
      else {
        last = `${answer.status} ${await answer.text()}`;
        if (answer.status !== (hasPage ? 200 : 401)) continue;
        this.#wellAt = { exchange: this.azure.trace.exchanges().at(-1)?.number ?? 0, starts: this.starts() };
        return;
      }
    }
    throw new Error(`the set-up ${this.shape.name} does not become well: ${last}`);
  }

  async #consentByHand(): Promise<void> {
    const { azure, hand } = this;
    for (const { name } of azure.resources.list("Microsoft.BotService/botServices/connections")) {
      const { properties } = await hand.connection(name);
      await hand.consent(properties.clientId, String(properties["scopes"]));
    }
  }
}

/** Deploys a stack with some settings changed, and writes the project's files as its owner has them. */
async function deploy(
  azure: LocalAzure,
  folder: string,
  stack: string,
  changed: Record<string, unknown>,
): Promise<Subject> {
  const connections = withLocalSecrets(root, stack, azure.oauthClients);
  const config = Object.entries(changed).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  await runProgram({
    root,
    stack,
    environment: await azure.deployerEnvironment(),
    onEvent: () => undefined,
    config: Object.fromEntries(config) as Record<string, string>,
    ...(connections !== undefined && { secretConfig: { connections } }),
  });
  const file = `Pulumi.${stack}.yaml`;
  const before = parse(await readFile(join(root, file), "utf8")) as { config: Record<string, unknown> };
  const secrets = withSecretsSet(root, stack);
  await writeFile(join(folder, "Pulumi.yaml"), await readFile(join(root, "Pulumi.yaml"), "utf8"));
  await writeFile(
    join(folder, file),
    stringify({ config: { ...before.config, ...changed, ...(secrets && { connections: secrets }) } }),
  );
  return { folder, stack };
}

async function certified(azure: LocalAzure): Promise<Record<string, unknown>> {
  await mayMakeCertificates(azure);
  return { ...consented, identity: "certificate" };
}

/** A bot of one's own: the smallest that refuses strangers, in another language than the program's. */
async function ownBot(_azure: LocalAzure, folder: string): Promise<Record<string, unknown>> {
  await writeFile(
    join(folder, "main.py"),
    [
      "import os",
      "from http.server import BaseHTTPRequestHandler, HTTPServer",
      "class Bot(BaseHTTPRequestHandler):",
      "    def do_POST(self):",
      "        self.send_response(401)",
      "        self.end_headers()",
      "    do_GET = do_POST",
      'print("listening", flush=True)',
      'HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Bot).serve_forever()',
      "",
    ].join("\n"),
  );
  await writeFile(join(folder, "requirements.txt"), "# nothing\n");
  return {
    ...consented,
    code: { folder, sdk: "agents-python", start: "python main.py" },
    connections: [
      {
        name: "GraphConnection",
        provider: "entra",
        scopes: ["openid", "offline_access", "User.Read"],
        readAs: "graph",
      },
    ],
  };
}
