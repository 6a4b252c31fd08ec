import { clockSteps, knownFaults } from "../../local/door/known-faults";
import { faultNamed, switchOn } from "../../local/page/fault-panel";
import { type Chat, type ChatToken, hasCard, signInAddress } from "../support/chat";
import { Person, type Page } from "../support/person";
import { logged, soon } from "../support/soon";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../support/sign-in";
import { SetUp } from "./mistakes/set-up";

let setUp: SetUp;

beforeAll(async () => {
  setUp = await SetUp.deploy();
  await consentForEveryone(new Person(), setUp.azure, setUp.text("signInAppId"));
});
afterAll(() => setUp?.close());

/** Somebody at a browser, with the chat open. */
interface Visitor {
  readonly person: Person;
  readonly chat: Chat;
  readonly token: ChatToken;
}

const chatAddress = (): string => setUp.text("chatAddress");
const isMail = ({ text }: { text?: string }): boolean => /^Your \d* ?newest message/.test(text ?? "");

async function visit(person = new Person()): Promise<Visitor> {
  return { person, ...(await setUp.chat(person)) };
}

/** Asks for mail and signs in with the card that comes, up to the page that stands at the end. */
async function signsIn({ person, chat, token }: Visitor): Promise<Page> {
  const card = signInAddress(await chat.ask("mail", hasCard)) ?? "";
  return signIn(person, setUp.azure, await boundTo(person, token, chatAddress(), card), setUp.mailOf("Kim"));
}

async function signedIn(): Promise<Visitor> {
  const visitor = await visit();
  await signsIn(visitor);
  await visitor.chat.answer(isMail);
  return visitor;
}

async function says(chat: Chat, text: string): Promise<string> {
  return (await chat.ask(text)).text ?? "";
}

const tokenOf = (person: Person): Promise<number> =>
  openChatPage(person, chatAddress()).then(
    () => 200,
    (error: Error) => Number(/: (\d{3}) /.exec(error.message)?.[1]),
  );

/** Sends a message. Gives what Microsoft's client makes of it, and Direct Line's answer: status and body. */
async function posts(chat: Chat, text: string): Promise<{ result: string; answer: string }> {
  const since = setUp.azure.trace.next();
  const result = await chat.say(text);
  // An exchange is told when it ends, which can be a moment after its answer has arrived.
  const post = await soon(() =>
    setUp.azure.trace
      .exchanges(since)
      .find(
        ({ service, method, url }) => service === "Direct Line" && method === "POST" && url.endsWith("/activities"),
      ),
  );
  return { result, answer: `${post?.status} ${post?.responseBody}` };
}

/** The chat that was open is over; opened anew, it goes on with a token for which nobody signed in. */
async function renewedUnseen({ person, chat }: Visitor): Promise<void> {
  const { result, answer } = await posts(chat, "mail");
  expect(result).toBe("retry");
  expect(answer).toMatch(/^403 .*TokenExpired/);
  const since = setUp.azure.trace.next();
  expect(isMail(await (await visit(person)).chat.ask("mail"))).toBe(true);
  const calls = setUp.azure.trace.exchanges(since);
  const renewal = calls.find(
    ({ caller, requestBody = "" }) => caller === "Token Service" && requestBody.includes("refresh_token"),
  );
  expect(renewal).toMatchObject({ service: "Entra ID", method: "POST", status: 200 });
  expect(calls.some(({ url }) => url.includes("/authorize"))).toBe(false);
}

/** The chat, opened anew in the same browser, gives the mail: at once, or after a sign-in. */
async function worksAgain(person: Person, afterwards: Row["afterwards"]): Promise<void> {
  const visitor = await visit(person);
  const answer = await visitor.chat.ask("mail", (message) => isMail(message) || hasCard(message));
  expect(isMail(answer) ? "mail" : "sign-in").toBe(afterwards);
  if (isMail(answer)) return;
  const card = signInAddress(answer) ?? "";
  const page = await person.open(await boundTo(person, visitor.token, chatAddress(), card));
  if (page.text.includes('name="password"')) {
    await person.submit(page, { account: setUp.mailOf("Kim"), password: setUp.azure.tenant.password });
  }
  await visitor.chat.answer(isMail);
}

/** What a person does and sees while a fault is on. `before` is done while all is well. */
interface Row {
  readonly name: string;
  before(): Promise<Visitor>;
  meets(visitor: Visitor): Promise<void>;
  /** What a request for mail leads to once the fault is off: tokens issued in the future are not valid yet. */
  readonly afterwards: "mail" | "sign-in";
}

const rows: readonly Row[] = [
  {
    name: "graph-slow",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ chat }) => {
      const since = setUp.azure.trace.next();
      const started = performance.now();
      expect(isMail(await chat.ask("mail"))).toBe(true);
      expect(performance.now() - started).toBeGreaterThanOrEqual(3_990);
      const step = await soon(() =>
        setUp.azure.trace.exchanges(since).find(({ service }) => service === "Microsoft Graph"),
      );
      expect(step?.milliseconds).toBeGreaterThanOrEqual(3_990);
    },
  },
  {
    name: "graph-401",
    before: signedIn,
    afterwards: "sign-in",
    meets: async ({ chat }) => {
      expect(await says(chat, "mail")).toBe("Your sign-in has expired, so I signed you out. Please sign in again.");
      expect(hasCard(await chat.answer(hasCard))).toBe(true);
      expect(await says(chat, "who am i")).toContain("not signed in");
    },
  },
  {
    name: "graph-403",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ chat }) => {
      expect(await says(chat, "mail")).toContain("the permission **Mail.Read** is missing");
      expect(await says(chat, "who am i")).toContain("Kim");
    },
  },
  {
    name: "graph-429",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ chat }) => {
      expect(await says(chat, "mail")).toContain("Microsoft Graph is not available right now");
      expect(isMail(await chat.ask("mail"))).toBe(true);
    },
  },
  {
    name: "graph-cut",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ chat }) => {
      const since = setUp.azure.trace.next();
      expect(await says(chat, "send sam@contoso.example Hello")).toContain("look in Sent Items before you try again");
      const mails = setUp.azure.trace.exchanges(since).filter(({ url }) => url.endsWith("/me/sendMail"));
      expect(mails.map(({ status }) => status)).toEqual([202]);
    },
  },
  {
    name: "no-connection",
    before: visit,
    afterwards: "sign-in",
    meets: async ({ chat }) => {
      expect(await says(chat, "mail")).toContain("My registration has no connection **GraphConnection**");
    },
  },
  {
    name: "redirect-missing",
    before: visit,
    afterwards: "sign-in",
    meets: async ({ person, chat, token }) => {
      const card = signInAddress(await chat.ask("mail", hasCard)) ?? "";
      const page = await person.open(await boundTo(person, token, chatAddress(), card));
      expect(page.status).toBe(400);
      expect(page.text).toContain("AADSTS50011");
      expect(await says(chat, "AADSTS50011")).toContain("please tell whoever runs me this number");
      expect(await logged(setUp.log, "lacks the redirect address")).toBe(true);
    },
  },
  {
    name: "secret-expired",
    before: visit,
    afterwards: "sign-in",
    meets: async (visitor) => {
      const page = await signsIn(visitor);
      expect(page.url).toContain("/.auth/web/redirect");
      expect(page.text).toContain("AADSTS7000222");
      expect(await says(visitor.chat, "AADSTS7000222")).toContain("please tell whoever runs me this number");
      expect(await logged(setUp.log, "The client secret has expired")).toBe(true);
      expect(await says(visitor.chat, "who am i")).toContain("not signed in");
    },
  },
  {
    name: "vault-forbidden",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ person }) => {
      expect(await tokenOf(person)).toBe(200);
      await switchOn(setUp.azure, faultNamed(setUp.azure, "clock:2h"));
      expect(await soon(async () => ((await tokenOf(person)) === 502 ? "closed" : undefined))).toBe("closed");
      expect(await setUp.unwell("chat page", "Key Vault Secrets User")).toContain("Key Vault Secrets User");
    },
  },
  {
    name: "bot-down",
    before: signedIn,
    afterwards: "mail",
    meets: async ({ chat }) => {
      const { result, answer } = await posts(chat, "help");
      expect(result).toBe("retry");
      expect(answer).toMatch(/^502 .*BotError/);
    },
  },
  {
    name: "clock:2h",
    before: signedIn,
    afterwards: "sign-in",
    meets: renewedUnseen,
  },
  {
    name: "clock:1d",
    before: signedIn,
    afterwards: "sign-in",
    meets: renewedUnseen,
  },
  {
    name: "clock:200d",
    before: signedIn,
    // The browser's session ended after 90 days.
    afterwards: "sign-in",
    meets: async ({ person }) => {
      const { result, answer } = await posts((await visit(person)).chat, "help");
      expect(result).toBe("retry");
      expect(answer).toMatch(/^502 .*BotError/);
      expect(await setUp.unwell("bot token", "client secret has expired")).toContain("client secret has expired");
      expect(setUp.log.slice(-200).join("\n")).toContain("AADSTS7000222");
    },
  },
];

test("every fault that a person can switch on is met here, in the panel's order", () => {
  expect(rows.map(({ name }) => name)).toEqual([
    ...knownFaults.map(({ name }) => name),
    ...clockSteps.map(({ fault }) => fault),
  ]);
});

describe.each(rows)("$name", ({ name, before, meets, afterwards }) => {
  const effect =
    knownFaults.find((fault) => fault.name === name)?.effect ?? clockSteps.find(({ fault }) => fault === name)?.effect;

  test(`${effect} Without it, the chat works again.`, async () => {
    const visitor = await before();
    await switchOn(setUp.azure, faultNamed(setUp.azure, name));
    try {
      await meets(visitor);
    } finally {
      setUp.azure.faults.switchOff();
      if (setUp.azure.clock.ahead !== 0) await setUp.azure.moveClock(-setUp.azure.clock.ahead);
    }
    await worksAgain(visitor.person, afterwards);
  });
});
