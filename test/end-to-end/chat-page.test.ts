import { Chat, type ChatToken } from "../support/chat";
import { Person, type Page } from "../support/person";
import { consentForEveryone, signIn } from "../support/sign-in";
import { soon } from "../support/soon";
import { SetUp } from "./mistakes/set-up";

let setUp: SetUp;
let page: string;
let origin: string;

beforeAll(async () => {
  const chatPage = { access: { signedInTo: "GraphConnection" }, allowedNetworks: ["203.0.113.0/24"] };
  setUp = await SetUp.deploy({ "bot-sign-in:chatPage": JSON.stringify(chatPage) });
  page = setUp.text("chatAddress");
  origin = new URL(page).origin;
  await consentForEveryone(new Person(), setUp.azure, setUp.text("signInAppId"));
});
afterAll(() => setUp?.close());

/** What the page's own script asks for. */
function ask(person: Person, path: string, body?: object, headers: Record<string, string> = {}): Promise<Page> {
  const ofScript = { origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  return person.open(new URL(path, page).href, {
    method: "POST",
    headers: { ...ofScript, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** A token that did not come from the page, as its holder could take one along to another network. */
async function tokenOfTheSite(): Promise<ChatToken> {
  const [identity] = setUp.azure.resources.list("Microsoft.ManagedIdentity/userAssignedIdentities");
  const secret = setUp.azure.resources
    .list("Microsoft.KeyVault/vaults/secrets")
    .find(({ name }) => name.endsWith("direct-line-secret"));
  const read = setUp.azure.vaults.read(String(secret?.properties.secretUri), String(identity?.properties.principalId));
  const domain = "https://directline.botframework.com/v3/directline";
  const answer = await fetch(`${domain}/tokens/generate`, {
    method: "POST",
    headers: { authorization: `Bearer ${"value" in read ? read.value : ""}`, "content-type": "application/json" },
    body: JSON.stringify({ user: { id: "dl_from-elsewhere" }, trustedOrigins: [origin] }),
  });
  return { ...((await answer.json()) as ChatToken), domain };
}

describe("from a network that the page is not for", () => {
  test.each(["", "203.0.113.9", "203.0.113.9, 203.0.113.9"])(
    "page, files and endpoints are refused, whatever address the client writes itself: %p",
    async (forwarded) => {
      const headers: Record<string, string> = forwarded ? { "x-forwarded-for": forwarded } : {};
      for (const path of ["/", "/chat.js", "/nothing"]) {
        expect(await new Person().open(new URL(path, page).href, { headers })).toMatchObject({
          status: 403,
          text: "This chat is open to its organization's networks only. Your address is 127.0.0.1.\n",
        });
      }
      for (const path of ["api/token", "api/sign-in", "api/sign-out"]) {
        expect((await ask(new Person(), path, { code: "123456" }, headers)).status).toBe(403);
      }
    },
  );

  test("Bot Service brings the bot its messages all the same, and App Service sees the health page", async () => {
    expect((await fetch(new URL("healthz", page))).status).toBe(200);
    expect((await fetch(new URL("api/messages", page), { method: "POST", body: "{}" })).status).toBe(415);
    const chat = new Chat(await tokenOfTheSite());
    await chat.opened();
    expect((await chat.ask("help")).text).toContain("I understand:");
    chat.end();
  });
});

describe("from a network that it is for, but for people who sign in", () => {
  const kim = new Person();
  let chat: Chat;

  beforeAll(async () => {
    await setUp.writeAppSettings({ ...(await setUp.appSettings()), CHAT_ALLOWED_NETWORKS: "127.0.0.0/8 ::1/128" });
    const open = async (): Promise<true | undefined> => ((await fetch(page)).status === 200 ? true : undefined);
    expect(await soon(open, 30_000)).toBe(true);
  });
  afterAll(() => chat?.end());

  test("a stranger gets the address of the sign-in page, and no token", async () => {
    const answer = await ask(new Person(), "api/token");
    expect(answer.status).toBe(401);
    expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(["signIn"]);
  });

  test("with the code of the sign-in page a person gets a chat, and is signed in there", async () => {
    const { signIn: address } = JSON.parse((await ask(kim, "api/token")).text) as { signIn: string };
    // In any browser of hers: the code carries the sign-in over to the one that asked.
    const last = await signIn(new Person(), setUp.azure, address, setUp.mailOf("Kim"));
    const code = /id="code">(\d{6})</.exec(last.text)?.[1] ?? "";
    expect(JSON.parse((await ask(new Person(), "api/token")).text)).toHaveProperty("signIn");
    expect((await ask(new Person(), "api/sign-in", { code })).status).toBe(403);
    expect(JSON.parse((await ask(kim, "api/sign-in", { code })).text)).toMatchObject({ right: true });
    const answer = await ask(kim, "api/token");
    expect(answer.status).toBe(200);
    chat = new Chat(JSON.parse(answer.text) as ChatToken);
    await chat.opened();
    expect((await chat.ask("who am i")).text).toContain("Kim Tanaka");
  });

  test("after a sign-out in the chat there is no token for her any more", async () => {
    expect((await chat.ask("sign out")).text).toMatch(/^You are signed out\./);
    expect((await ask(kim, "api/token")).status).toBe(401);
  });
});
