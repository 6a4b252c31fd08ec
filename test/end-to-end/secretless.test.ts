import { Chat, hasCard, signInAddress } from "../support/chat";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";
import { mistakeOf } from "../../local/page/mistakes";
import { Portal } from "../engine/support/portal";
import { type Page, Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";
import { logged } from "../support/soon";

/** The example stack without a secret: the bot is a managed identity, and its connection has no client secret. */
let deployed: Deployed;
let portal: Portal;
let disconnect: () => void;
const chats: Chat[] = [];

beforeAll(async () => {
  deployed = await deploy({ stack: "no-secret" });
  portal = new Portal(deployed.azure);
  disconnect = await connectThisProcess(deployed.azure, "browser");
  await consentForEveryone(new Person(), deployed.azure, String(deployed.outputs.signInAppId));
});

afterAll(async () => {
  for (const chat of chats) chat.end();
  disconnect?.();
  await deployed?.close();
});

const group = (): string =>
  `/subscriptions/${deployed.azure.tenant.subscriptionId}/resourceGroups/${String(deployed.outputs.resourceGroup)}`;
const botId = (): string => `${group()}/providers/Microsoft.BotService/botServices/${String(deployed.outputs.bot)}`;

/** Asks for mail and signs in by the card; gives the chat and the page that the person sees last. */
async function signInFor(name: string): Promise<{ chat: Chat; page: Page }> {
  const person = new Person();
  const address = String(deployed.outputs.chatAddress);
  const token = await openChatPage(person, address);
  const chat = new Chat(token);
  chats.push(chat);
  await chat.opened();
  const card = await chat.ask("mail", hasCard);
  const bound = await boundTo(person, token, address, signInAddress(card) ?? "");
  return { chat, page: await signIn(person, deployed.azure, bound, `${name}@contoso.example`) };
}

test("a person signs in and reads mail, though nobody has a secret that could end", async () => {
  const { chat, page } = await signInFor("sam");
  expect([page.status, page.text]).toEqual([200, expect.stringContaining("You may close this window")]);
  expect((await chat.answer(({ text }) => Boolean(text))).text).toMatch(/^Your \d newest messages:/);
});

test("no password and no client secret is in Entra, the vault, the app settings or the connection, nor was one sent", async () => {
  const { value: applications } = await portal.graph<{
    value: { appId: string; displayName: string; passwordCredentials: unknown[] }[];
  }>("GET", "/applications");
  const { deployer } = deployed.azure.tenant;
  expect(applications.filter(({ appId }) => appId !== deployer.clientId)).toEqual([
    expect.objectContaining({ appId: deployed.outputs.signInAppId, passwordCredentials: [] }),
  ]);
  const site = `${group()}/providers/Microsoft.Web/sites/${String(deployed.outputs.webApp)}`;
  const settings = await portal.arm<{ properties: Record<string, string> }>("POST", `${site}/config/appsettings/list`);
  expect(settings.properties).toMatchObject({ MicrosoftAppType: "UserAssignedMSI" });
  expect(Object.keys(settings.properties)).not.toContain("MicrosoftAppPassword");
  const [vault] = new URL(String(settings.properties["DIRECT_LINE_SECRET_URI"])).host.split(".");
  const kept = await portal.arm<{ value: { name: string }[] }>(
    "GET",
    `${group()}/providers/Microsoft.KeyVault/vaults/${vault}/secrets`,
  );
  expect(kept.value.map(({ name }) => name).sort()).toEqual([
    "chat-session-key",
    "chat-session-key-2",
    "direct-line-secret",
  ]);
  const connection = await portal.arm<{ properties: { clientSecret: string | null } }>(
    "POST",
    `${botId()}/connections/GraphConnection/listwithsecrets`,
  );
  expect(connection.properties.clientSecret).toBe("");
  const asked = deployed.azure.trace
    .exchanges()
    .filter(({ caller, url }) => ["bot", "Token Service"].includes(caller) && /\/token\b/.test(new URL(url).pathname));
  expect(asked.map(({ caller, url }) => `${caller}: ${new URL(url).pathname}`)).toEqual(
    expect.arrayContaining(["bot: /msi/token", `Token Service: /${deployed.azure.tenant.tenantId}/oauth2/v2.0/token`]),
  );
  expect(asked.filter(({ requestBody = "" }) => /client_secret=/.test(requestBody))).toEqual([]);
  expect(deployed.outputs.secretsExpire).toEqual({
    "chat-session-key": expect.any(String) as string,
    "direct-line-secret": expect.any(String) as string,
  });
});

/** What the local page says of the requests since then. */
const explained = (since: number): (string | undefined)[] =>
  deployed.azure.trace.exchanges(since).flatMap((exchange) => {
    const mistake = mistakeOf(exchange);
    return mistake ? [`${mistake.number}: ${mistake.fix}`] : [];
  });
const now = (): number => deployed.azure.trace.exchanges().at(-1)?.number ?? 0;

describe("15: what the Token Store says is compared exactly, and the page says what to do", () => {
  type Credential = { id: string; name: string; subject: string; issuer: string; audiences: string[] };
  let path: string;
  let right: Credential;

  beforeAll(async () => {
    const found = await portal.graph<{ value: { id: string }[] }>(
      "GET",
      `/applications?$filter=appId eq '${String(deployed.outputs.signInAppId)}'`,
    );
    const list = `/applications/${found.value[0]!.id}/federatedIdentityCredentials`;
    [right] = (await portal.graph<{ value: Credential[] }>("GET", list)).value as [Credential];
    path = `${list}/${right.id}`;
  });

  test.each<[what: string, change: (credential: Credential) => Partial<Credential>, refusal: RegExp, fix: RegExp]>([
    [
      "another tail",
      ({ subject }) => ({ subject: `${subject}-2` }),
      /AADSTS7002137: .*Please make sure .* Subject is/,
      /subject is another than the Token Service's/,
    ],
    [
      "another case",
      ({ subject }) => ({ subject: subject.toUpperCase() }),
      /AADSTS7002138: /,
      /Subjects are compared with case/,
    ],
    [
      "the GUIDs' bytes in the order in which they are written",
      ({ subject }) => {
        const written = Buffer.from(deployed.azure.tenant.tenantId.replaceAll("-", ""), "hex").toString("base64url");
        return { subject: subject.replace(/\/t\/[^/]+/, `/t/${written}`) };
      },
      /AADSTS7002137: /,
      /subject is another than the Token Service's/,
    ],
    [
      "another tenant's issuer",
      () => ({ issuer: "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0" }),
      /AADSTS700211: /,
      /issuer must be the bot's tenant/,
    ],
    [
      "another audience",
      () => ({ audiences: ["api://other"] }),
      /AADSTS700212: /,
      /audience must be api:\/\/AzureADTokenExchange/,
    ],
  ])("%s signs nobody in", async (_what, change, refusal, fix) => {
    const since = now();
    const { subject, issuer, audiences } = right;
    await portal.graph("PATCH", path, change(right));
    try {
      const { page } = await signInFor("kim");
      expect(page.status).toBe(400);
      expect(page.text.replaceAll("&#39;", "'")).toMatch(refusal);
      expect(explained(since).join("\n")).toMatch(new RegExp(`^15: .*${fix.source}`, "m"));
    } finally {
      await portal.graph("PATCH", path, { subject, issuer, audiences });
    }
  });
});

test.each([[undefined], [null], [""], ["a dummy, as the Azure CLI asks for one"]])(
  "a client secret %j of such a connection is taken and passed over",
  async (clientSecret) => {
    const path = `${botId()}/connections/GraphConnection`;
    const { location, properties } = await portal.arm<{ location: string; properties: object }>("GET", path);
    await portal.arm("DELETE", path);
    await portal.arm("PUT", path, { location, properties: { ...properties, clientSecret } });
    const { page } = await signInFor("ada");
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("You may close this window")]);
  },
);

test("the whole subject in place of its tail makes no sign-in link, as at Azure", async () => {
  const path = `${botId()}/connections/GraphConnection`;
  const kept = await portal.arm<{ location: string; properties: { parameters: { key: string; value: string }[] } }>(
    "GET",
    path,
  );
  const parameters = kept.properties.parameters.map(({ key, value }) => ({
    key,
    value: key === "UniqueIdentifier" ? `/eid1/c/pub/t/x/a/y/${value}` : value,
  }));
  await portal.arm("DELETE", path);
  await portal.arm("PUT", path, { location: kept.location, properties: { ...kept.properties, parameters } });
  const person = new Person();
  const chat = new Chat(await openChatPage(person, String(deployed.outputs.chatAddress)));
  chats.push(chat);
  await chat.opened();
  const since = now();
  const answer = await chat.ask("mail", ({ text }) => Boolean(text));
  expect(hasCard(answer)).toBe(false);
  expect(await logged(deployed.log, "An error occured while retrieving the signin link")).toBe(true);
  expect(explained(since)).toContainEqual(expect.stringMatching(/^9: Write the connection anew with pulumi up/));
});
