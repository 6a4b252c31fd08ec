import { Chat, hasCard, signInAddress } from "../support/chat";
import { connectThisProcess, deploy, type Deployed } from "../support/deployed";
import { Person } from "../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";

let deployed: Deployed;
let disconnect: () => void;
let chatAddress: string;
const chats: Chat[] = [];

beforeAll(async () => {
  deployed = await deploy();
  disconnect = await connectThisProcess(deployed.azure, "browser");
  chatAddress = String(deployed.outputs.chatAddress);
});
afterAll(async () => {
  for (const chat of chats) chat.end();
  disconnect?.();
  await deployed?.close();
});

const mailOf = (givenName: string): string =>
  deployed.azure.tenant.people.find((person) => person.givenName === givenName)?.mail ?? "";

async function open(person: Person): Promise<{ chat: Chat; token: Awaited<ReturnType<typeof openChatPage>> }> {
  const token = await openChatPage(person, chatAddress);
  const chat = new Chat(token);
  chats.push(chat);
  await chat.opened();
  return { chat, token };
}

test("before the administrator has consented, others meet Need admin approval, and the program has said so", async () => {
  const sam = new Person();
  const { chat } = await open(sam);
  const address = signInAddress(await chat.ask("mail", hasCard)) ?? "";
  const page = await signIn(sam, deployed.azure, address, mailOf("Sam"));
  expect(page.text).toContain("Need admin approval");
  expect(deployed.warnings.join("\n")).toMatch(/cannot consent to Mail\.Read .*adminconsent\?client_id=/);
});

test("the ten steps: mail, sign-in card, sign-in in the chat's own browser, the user's mail; each by who called whom", async () => {
  await consentForEveryone(new Person(), deployed.azure, String(deployed.outputs.signInAppId));
  const kim = new Person();
  const { chat, token } = await open(kim);
  const before = deployed.azure.trace.exchanges().at(-1)?.number ?? 0;

  const card = await chat.ask("mail", hasCard);
  const address = await boundTo(kim, token, chatAddress, signInAddress(card) ?? "");
  const last = await signIn(kim, deployed.azure, address, mailOf("Kim"));
  expect(last.status).toBe(200);
  expect(last.text).not.toMatch(/id="code"/);
  const answer = await chat.answer(({ text }) => /newest message/.test(text ?? ""));
  expect(answer.text).toMatch(/^Your (newest message|\d newest messages):/);

  const inOrder = [
    "browser > Direct Line: POST /v3/directline/conversations/{id}/activities 200", // 1
    "Direct Line > App Service: POST /api/messages 200", // 2
    "bot > Bot Connector: GET /api/usertoken/GetToken 404", // 3, 4
    "bot > Bot Connector: GET /api/botsignin/GetSignInResource 200", // 6
    "bot > Direct Line: POST /v3/conversations/{id}/activities/{id} 200", // 5, 7
    "browser > Token Service: GET /api/oauth/signin 302", // 8
    `browser > Entra ID: GET /${deployed.azure.tenant.tenantId}/oauth2/v2.0/authorize 200`,
    "browser > Token Service: GET /.auth/web/redirect 200", // 9
    `Token Service > Entra ID: POST /${deployed.azure.tenant.tenantId}/oauth2/v2.0/token 200`,
    "Direct Line > App Service: POST /api/messages 200",
    "bot > Microsoft Graph: GET /v1.0/me/mailFolders/inbox/messages 200", // 10
  ];
  // An exchange is told when it ends: the one that told the bot ends after the bot's answer is in the chat.
  const until = Date.now() + 5_000;
  while (missing(seen(before), inOrder) && Date.now() < until) await new Promise((wake) => setTimeout(wake, 50));
  expect(missing(seen(before), inOrder)).toBeUndefined();
});

/** Who called whom since an exchange, in the order in which the calls began. */
function seen(since: number): string[] {
  return [...deployed.azure.trace.exchanges(since)]
    .sort((one, other) => one.number - other.number)
    .map(({ caller, service, method, url, status }) => {
      const path = new URL(url).pathname
        .replace(/conversations\/[^/]+/, "conversations/{id}")
        .replace(/(activities)\/.+/, "$1/{id}");
      return `${caller} > ${service}: ${method} ${path} ${status}`;
    });
}

/** The first step that does not stand in its order among the calls, and what stands there. */
function missing(calls: readonly string[], inOrder: readonly string[]): { step: string; calls: string[] } | undefined {
  let at = 0;
  for (const step of inOrder) {
    const found = calls.indexOf(step, at);
    if (found < 0) return { step, calls: calls.slice(at) };
    at = found + 1;
  }
  return undefined;
}

test("a second browser that opens the first one's address gets the code and cannot sign the first user in unseen", async () => {
  const kim = new Person();
  const { chat, token } = await open(kim);
  const card = await chat.ask("mail", hasCard);
  const address = await boundTo(kim, token, chatAddress, signInAddress(card) ?? "");

  const stranger = new Person();
  const page = await signIn(stranger, deployed.azure, address, mailOf("Sam"));
  const code = /id="code"[^>]*>\s*(\d{6})/.exec(page.text)?.[1];
  expect(code).toMatch(/^\d{6}$/);

  expect((await chat.ask("who am i")).text).toContain("not signed in");
  const wrong = code === "000000" ? "000001" : "000000";
  expect((await chat.ask(wrong)).text).toContain("That code is not right");
  expect((await chat.ask("who am i")).text).toContain("not signed in");
  expect((await chat.ask(String(code))).text).toMatch(/newest message/);
  expect((await chat.ask("who am i")).text).toContain("Sam Okoye");
});

test("send, who am i, help and sign out; after signing out the next mail asks again", async () => {
  const ada = new Person();
  const { chat, token } = await open(ada);
  const card = await chat.ask("mail", hasCard);
  const address = await boundTo(ada, token, chatAddress, signInAddress(card) ?? "");
  await signIn(ada, deployed.azure, address, mailOf("Ada"));
  await chat.answer(({ text }) => /newest message/.test(text ?? ""));

  expect((await chat.ask(`send ${mailOf("Sam")} Hello from the test`)).text).toContain(`Sent to ${mailOf("Sam")}`);
  expect((await chat.ask("who am i")).text).toContain("Ada Lindgren");
  expect((await chat.ask("help")).text).toContain("sign out");
  expect((await chat.ask("sign out")).text).toMatch(
    /^You are signed out\. .*\(https:\/\/login\.microsoftonline\.com\/[0-9a-f-]{36}\/oauth2\/v2\.0\/logout\), too\.$/,
  );
  expect(hasCard(await chat.ask("mail"))).toBe(true);

  const sam = new Person();
  const other = await open(sam);
  const samCard = await other.chat.ask("mail", hasCard);
  await signIn(
    sam,
    deployed.azure,
    await boundTo(sam, other.token, chatAddress, signInAddress(samCard) ?? ""),
    mailOf("Sam"),
  );
  const mail = await other.chat.answer(({ text }) => /newest message/.test(text ?? ""));
  expect(mail.text).toContain("Hello from the test");
});

test("no secret is in the bot's log", () => {
  const log = deployed.log.join("\n");
  expect(log).toContain("listening");
  expect(log).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+|client_secret|"password"/);
});
