import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientSecretCredential } from "@azure/identity";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { channelType } from "../local/azure/bot-service/resource-types/names";
import type { LocalAzure } from "../local/azure/azure";
import { connectThisProcess, deploy } from "../test/support/deployed";
import { Person } from "../test/support/person";
import { boundTo, consentForEveryone, signIn } from "../test/support/sign-in";

/** One row of what `npm run bench` prints. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  readonly rival?: string;
  readonly note: string;
}

/** Conversations after which everything that has a bound by number of requests has reached it. */
const warmUp = 250;
const domain = "https://directline.botframework.com/v3/directline";

/** What is on the heap of the local Azure and of the bot after a collection, in MB. */
interface Memory {
  readonly azure: number;
  readonly bot: number;
}

/**
 * Signs people in, one conversation after the other, against a deployed local Azure, each in a browser of its own, and
 * tells what the local Azure and the bot hold afterwards.
 */
export async function memoryRow(conversations = 1_000): Promise<Row> {
  let lastHeap: (bytes: number) => void = () => undefined;
  const { azure, outputs, close } = await deploy({
    onAppLog({ text }) {
      const bytes = /^heap (\d+)$/.exec(text)?.[1];
      if (bytes) lastHeap(Number(bytes));
    },
  });
  const botHeap = (): Promise<number> =>
    new Promise((done) => {
      lastHeap = done;
      process.kill(botProcess(), "SIGUSR2");
    });
  const disconnect = await connectThisProcess(azure, "browser");
  try {
    await consentForEveryone(new Person(), azure, String(outputs.signInAppId));
    await preload(azure, outputs);
    const began = performance.now();
    const baseline = Math.min(warmUp, Math.ceil(conversations / 2));
    let before: Memory | undefined;
    for (let number = 1; number <= conversations; number++) {
      await signInOnce(azure, String(outputs.chatAddress), number);
      if (number === baseline) before = await memory(botHeap);
    }
    const after = await memory(botHeap);
    const took = (performance.now() - began) / conversations;
    const grown = ((after.azure - (before as Memory).azure) * 1024) / Math.max(1, conversations - baseline);
    return {
      name: `memory after ${conversations} conversations signed in`,
      ours: `local Azure ${after.azure.toFixed(1)} MB, bot ${after.bot.toFixed(1)} MB of heap`,
      note:
        `after ${baseline}: ${before?.azure.toFixed(1)} MB and ${before?.bot.toFixed(1)} MB; ` +
        `${grown.toFixed(1)} KB in the local Azure for each conversation that it keeps, 2,000 at most; ` +
        `${took.toFixed(0)} ms each`,
    };
  } finally {
    disconnect();
    await close();
  }
}

async function signInOnce(azure: LocalAzure, chatAddress: string, number: number): Promise<void> {
  const origin = new URL(chatAddress).origin;
  const person = new Person();
  const user = { id: `dl_bench${number}` };
  const { token } = await ask<{ token: string }>("tokens/generate", siteKey(azure), { user, trustedOrigins: [origin] });
  const { conversationId } = await ask<{ conversationId: string }>("conversations", token, {});
  await ask(`conversations/${conversationId}/activities`, token, { type: "message", text: "mail", from: user });
  const address = await signInAddress(token, conversationId);
  const { mail } = azure.tenant.people[number % azure.tenant.people.length] as { mail: string };
  const chat = { token, domain };
  await signIn(person, azure, await boundTo(person, chat, chatAddress, address), mail);
  await answered(token, conversationId, (text) => text.includes("newest message"));
}

async function ask<T>(path: string, token: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${domain}/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** What the bot said so far, as text, once it fits. */
async function answered(token: string, conversation: string, fits: (text: string) => boolean): Promise<string> {
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    const text = JSON.stringify(await ask<unknown>(`conversations/${conversation}/activities`, token));
    if (fits(text)) return text;
    await new Promise((next) => setTimeout(next, 5));
  }
  throw new Error("the bot did not answer within 10 s");
}

async function signInAddress(token: string, conversation: string): Promise<string> {
  const address = /"value":"(https:\/\/[^"]*\/api\/oauth\/signin[^"]*)"/;
  return address.exec(await answered(token, conversation, (text) => address.test(text)))?.[1] as string;
}

/** The secret of the Direct Line site that the program made. */
function siteKey(azure: LocalAzure): string {
  const channel = azure.resources.list(channelType).find(({ id }) => id.endsWith("/DirectLineChannel"));
  const { sites } = channel?.properties.properties as { sites: { siteName: string; key: string }[] };
  return (sites.find(({ siteName }) => siteName === "chat") as { key: string }).key;
}

/** Has the bot's process tell its heap when it is asked. */
async function preload(azure: LocalAzure, outputs: Record<string, unknown>): Promise<void> {
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  const web = new WebSiteManagementClient(credential, subscriptionId).webApps;
  const [group, site] = [String(outputs.resourceGroup), String(outputs.webApp)];
  const { properties } = await web.listApplicationSettings(group, site);
  const NODE_OPTIONS = `--expose-gc --require ${join(__dirname, "heap-report.cjs")}`;
  await web.updateApplicationSettings(group, site, { properties: { ...properties, NODE_OPTIONS } });
  const before = botProcess();
  while (before === botProcess()) await new Promise((next) => setTimeout(next, 100));
  await fetch(new URL("/healthz", String(outputs.chatAddress)));
}

/** The bot's process: a child of this one, which App Service started last. */
function botProcess(): number {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,command="], { encoding: "utf8" });
  const bots = processes
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((fields) => Number(fields?.[2]) === process.pid && /index\.js/.test(fields?.[3] ?? ""));
  return Math.max(0, ...bots.map((fields) => Number(fields?.[1])));
}

async function memory(botHeap: () => Promise<number>): Promise<Memory> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise((next) => setTimeout(next, 50));
  }
  return { azure: process.memoryUsage().heapUsed / 1024 ** 2, bot: (await botHeap()) / 1024 ** 2 };
}

if (require.main === module) void memoryRow().then((row) => process.stdout.write(`${JSON.stringify(row, null, 2)}\n`));
