import { botServiceVersion } from "../../../infra/azure/bot-service";
import type { LocalAzure } from "../../../local/azure/azure";
import type { Chat } from "../../support/chat";
import { Person, type Page } from "../../support/person";
import { boundTo, consentForEveryone, signIn } from "../../support/sign-in";
import { mistake } from "./mistake";
import { SetUp } from "./set-up";

// Mistakes that a user meets while signing in: the chat says what they mean to him, and the chat or the log names the fix. The order matters: consent stays given.

let setUp: SetUp;
const inAzure = (): LocalAzure => setUp.azure;

beforeAll(async () => {
  setUp = await SetUp.deploy();
  expect(setUp.connection.properties.clientSecret).toBeTruthy();
});
afterAll(() => setUp?.close());

/** The user types the error number of a page into the chat. Gives what the chat says, and then the bot's log. */
async function typed(chat: Chat, page: Page): Promise<string> {
  const number = /AADSTS\d+/.exec(page.text)?.[0] ?? page.text;
  const since = setUp.log.length;
  const said = (await chat.ask(number)).text ?? "";
  // What whoever runs the bot does about it is nothing to tell a user.
  expect(said).not.toMatch(/pulumi|npm|az ad|drift/);
  return `${said}\n${await setUp.logged(number, since)}`;
}

async function redirectAddresses(redirectUris: string[]): Promise<void> {
  const application = `applications(appId='${setUp.text("signInAppId")}')`;
  await setUp.hand.graph("PATCH", application, { web: { redirectUris } });
}
const redirectAddress = "https://token.botframework.com/.auth/web/redirect";

/** What chat and log say when the sign-in app has these redirect addresses alone. */
async function withRedirectAddresses(redirectUris: string[]): Promise<string> {
  const { chat } = await setUp.chat();
  await redirectAddresses(redirectUris);
  const page = await new Person().open(await setUp.signInAddress(chat));
  await redirectAddresses([redirectAddress]);
  return typed(chat, page);
}

mistake(4, inAzure, () => withRedirectAddresses(["https://europe.token.botframework.com/.auth/web/redirect"]));

mistake(43, inAzure, () => withRedirectAddresses([]));

mistake(8, inAzure, async () => {
  const { chat } = await setUp.chat();
  await setUp.hand.call("DELETE", `${setUp.bot}/connections/GraphConnection`, botServiceVersion);
  const said = (await chat.ask("mail")).text ?? "";
  await setUp.writeConnection({});
  return said;
});

mistake(44, inAzure, async () => {
  const { chat } = await setUp.chat();
  await setUp.writeConnection({ scopes: "openid User.Read mail.reed" });
  const page = await new Person().open(await setUp.signInAddress(chat));
  await setUp.writeConnection({});
  return typed(chat, page);
});

mistake(18, inAzure, async () => {
  const sam = new Person();
  const { chat } = await setUp.chat(sam);
  await signIn(sam, setUp.azure, await setUp.signInAddress(chat), setUp.mailOf("Sam"));
  return setUp.warnings.join("\n");
});

mistake(46, inAzure, async () => {
  const ada = new Person();
  const { chat } = await setUp.chat(ada);
  const consent = await signIn(ada, setUp.azure, await setUp.signInAddress(chat), setUp.mailOf("Ada"));
  return typed(chat, await ada.submit(consent, { decision: "cancel" }));
});

mistake(47, inAzure, async () => {
  await setUp.writeConnection({ scopes: "openid offline_access User.Read" });
  const ada = new Person();
  const { chat, token } = await setUp.chat(ada);
  const card = await setUp.signInAddress(chat);
  const address = await boundTo(ada, token, setUp.text("chatAddress"), card);
  const consent = await signIn(ada, setUp.azure, address, setUp.mailOf("Ada"));
  await ada.submit(consent, { decision: "accept" });
  const said = await chat.answer();
  await setUp.writeConnection({});
  return said.text ?? "";
});

mistake(20, inAzure, async () => {
  await consentForEveryone(new Person(), setUp.azure, setUp.text("signInAppId"));
  const { chat } = await setUp.chat();
  const stranger = new Person();
  const page = await signIn(stranger, setUp.azure, await setUp.signInAddress(chat), setUp.mailOf("Sam"));
  const code = /id="code"[^>]*>\s*(\d{6})/.exec(page.text)?.[1];
  expect(code).toBeDefined();
  return (await chat.ask(code === "000000" ? "000001" : "000000")).text ?? "";
});

mistake(48, inAzure, async () => {
  const kim = new Person();
  const { chat } = await setUp.chat(kim);
  const address = await setUp.signInAddress(chat);
  await signIn(new Person(), setUp.azure, address, setUp.mailOf("Sam"));
  expect((await kim.open(address)).status).toBe(400);
  return (await chat.ask("it does not work")).text ?? "";
});

mistake(45, inAzure, async () => {
  const application = `applications(appId='${setUp.text("signInAppId")}')`;
  type Credentials = { id: string; passwordCredentials: { keyId: string }[] };
  const { id, passwordCredentials } = await setUp.hand.graph<Credentials>("GET", application);
  for (const { keyId } of passwordCredentials) {
    await setUp.hand.graph("POST", `applications/${id}/removePassword`, { keyId });
  }
  const kim = new Person();
  const { chat } = await setUp.chat(kim);
  return typed(chat, await signIn(kim, setUp.azure, await setUp.signInAddress(chat), setUp.mailOf("Kim")));
});
