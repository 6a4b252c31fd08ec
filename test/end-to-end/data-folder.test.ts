import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { Chat, hasCard, signInAddress, type ChatToken } from "../support/chat";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";
import { Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";

let folder: string;
let first: Deployed;
let second: LocalAzure | undefined;
let disconnect: (() => void) | undefined;
const kim = new Person();
let open: ChatToken;
const log: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-azure-"));
  first = await deploy({ data: folder });
});
afterAll(async () => {
  disconnect?.();
  await second?.close();
  await rm(folder, { recursive: true, force: true });
});

const chatAddress = (): string => String(first.outputs.chatAddress);

async function talk<T>(token: ChatToken, conversation: (chat: Chat) => Promise<T>): Promise<T> {
  const chat = new Chat(token);
  try {
    await chat.opened();
    return await conversation(chat);
  } finally {
    chat.end();
  }
}

test("a second local Azure on the same folder is refused while the first one runs", async () => {
  await expect(startLocalAzure({ port: 0, data: folder })).rejects.toMatchObject({
    code: "in-use",
    message: expect.stringContaining(`is used by process ${process.pid}`) as string,
  });
});

test("two local Azures at once know nothing of each other", async () => {
  const other = await startLocalAzure({ port: 0 });
  const leave = await connectThisProcess(other, "client");
  try {
    const { tenantId, clientId, clientSecret } = { ...first.azure.tenant, ...first.azure.tenant.deployer };
    const stranger = new ClientSecretCredential(tenantId, clientId, clientSecret);
    await expect(stranger.getToken("https://graph.microsoft.com/.default")).rejects.toThrow(/AADSTS90002/);
    expect(other.browserOrigin).not.toBe(first.azure.browserOrigin);
    expect(other.resources.list("Microsoft.BotService/botServices")).toEqual([]);
  } finally {
    leave();
    await other.close();
  }
});

test("after a restart the tenant is the same, the bot answers, and who was signed in still is", async () => {
  disconnect = await connectThisProcess(first.azure, "browser");
  await consentForEveryone(new Person(), first.azure, String(first.outputs.signInAppId));
  const token = (open = await openChatPage(kim, chatAddress()));
  await talk(token, async (chat) => {
    const card = await chat.ask("mail", hasCard);
    const address = await boundTo(kim, token, chatAddress(), signInAddress(card) ?? "");
    const { mail } = first.azure.tenant.people[2] ?? { mail: "" };
    await signIn(kim, first.azure, address, mail);
    await chat.answer(({ text }) => /newest message/.test(text ?? ""));
  });
  first.azure.clock.advance(60_000);
  disconnect();
  await first.close();

  second = await startLocalAzure({ port: 0, data: folder, onLog: (line) => log.push(line) });
  disconnect = await connectThisProcess(second, "browser");
  expect(second.restored).toBe(true);
  expect(second.tenant).toEqual(first.azure.tenant);
  expect(second.clock.ahead).toBe(60_000);
  const names = ({ resources }: LocalAzure): string[] =>
    resources.list("Microsoft.KeyVault/vaults/secrets").map(({ name }) => name);
  expect(names(second)).toEqual(names(first.azure));

  const again = await openChatPage(kim, chatAddress());
  await talk(again, async (chat) => {
    // The greeting of a new conversation may come first.
    expect((await chat.ask("who am i", ({ text }) => !/^Hello/.test(text ?? ""))).text).toContain("Kim Tanaka");
    expect((await chat.ask("mail")).text).toMatch(/newest message/);
  });
  expect(log.filter((line) => /failed/.test(line))).toEqual([]);
});

test("a page that was open over the restart goes on with its token, and the deployer deploys on", async () => {
  const said = await talk(open, (chat) => chat.ask("who am i", ({ text }) => !/^Hello/.test(text ?? "")));
  expect(said.text).toContain("Kim Tanaka");
  const { tenantId, deployer } = first.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  const { token } = await credential.getToken("https://management.azure.com/.default");
  const bot = second?.resources.list("Microsoft.BotService/botServices")[0]?.id ?? "";
  const answer = await fetch(`https://management.azure.com${bot}?api-version=2022-09-15`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ tags: { after: "restart" } }),
  });
  expect([answer.status, ((await answer.json()) as { tags: unknown }).tags]).toEqual([
    200,
    expect.objectContaining({ after: "restart" }),
  ]);
});
