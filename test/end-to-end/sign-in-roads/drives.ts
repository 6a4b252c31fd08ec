import type { Message } from "botframework-directlinejs";
import { meaningOfEntraError } from "../../../bot/sign-in/entra-errors";
import { sentences } from "../../../bot/sign-in/sentences";
import type { Provider } from "../../../ops/docs/sign-in-roads";
import { hasCard } from "../../support/chat";
import { inFrontOfBot } from "../../support/in-front-of";
import { Person } from "../../support/person";
import { type SecondInstance, secondInstance, sendTo } from "../../support/second-instance";
import { TeamsTalk } from "../../support/teams-talk";
import { behind, codeOn, Traveller } from "./traveller";
import type { World } from "./world";

/** How a road is driven. Each step is taken by all travellers at once. */
export interface Drive {
  before?(traveller: Traveller): Promise<void>;
  /** What happens to all of them, once. */
  between?(world: World, travellers: readonly Traveller[]): Promise<void>;
  after(traveller: Traveller): Promise<void>;
  finally?(world: World): Promise<void> | void;
}

const minute = 60_000;
const other: Readonly<Record<Provider, Provider>> = {
  entra: "company",
  github: "entra",
  "github-app": "entra",
  company: "github",
};

const codeOf = (traveller: Traveller): string => {
  const code = codeOn(traveller.page);
  if (code === undefined) throw new Error(`no code: ${traveller.page.status} ${traveller.page.text}`);
  return code;
};
const anotherThan = (code: string): string => (code === "000000" ? "000001" : "000000");
const fullWidth = (digits: string): string =>
  digits.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

async function cardCame(traveller: Traveller): Promise<void> {
  traveller.address = await traveller.askForCard();
}
async function codeShown(traveller: Traveller): Promise<void> {
  traveller.page = await traveller.pageWithCode();
}
async function signedIn(traveller: Traveller): Promise<void> {
  expect(await traveller.signIn()).toMatch(traveller.of.answer);
}
/** The sign-in that was begun with the card ends well. */
async function goesOn(traveller: Traveller): Promise<void> {
  expect(await traveller.finish(await traveller.signInAt(traveller.address))).toMatch(traveller.of.answer);
}
async function answered(traveller: Traveller): Promise<void> {
  expect(await traveller.ask(traveller.of.command)).toMatch(traveller.of.answer);
}
/** What was waited for is forgotten: a sign-in that ends all the same carries nothing out. */
async function nothingCarriedOut(traveller: Traveller): Promise<void> {
  const said = await traveller.finish(await traveller.signInAt(traveller.address));
  expect(said).toBe(traveller.channel === "web chat" ? sentences.signedIn : sentences.noCodeExpected);
}
/** Direct Line's token is good for half an hour: the chat is opened anew. */
const later = (traveller: Traveller): Promise<Traveller> =>
  Traveller.open(traveller.setUp, traveller.provider, traveller.channel, traveller);
const invoke = (traveller: Traveller, name: string, value: object): Promise<number> =>
  (traveller.talk as TeamsTalk).invoke(name, value);

async function twoProviders(traveller: Traveller, order: readonly [number, number]): Promise<void> {
  const asked = [traveller.of, behind[other[traveller.provider]]];
  const addresses = [await traveller.askForCard(asked[0]!.command), await traveller.askForCard(asked[1]!.command)];
  for (const at of order) {
    expect(await traveller.finish(await traveller.signInAt(addresses[at]!))).toMatch(asked[at]!.answer);
  }
}

let undo: (() => void) | undefined;
let second: SecondInstance | undefined;

export const drives: Readonly<Record<string, Drive>> = {
  "signed in beside the chat": {
    after: async (traveller) => {
      const page = await traveller.signInAt(await traveller.askForCard());
      expect([page.status, codeOn(page)]).toEqual([200, undefined]);
      expect(await traveller.hears()).toMatch(traveller.of.answer);
      await answered(traveller);
    },
  },
  "the right code": { after: signedIn },
  "a wrong code, then the right one": {
    after: async (traveller) => {
      await codeShown(traveller);
      expect(await traveller.giveCode(anotherThan(codeOf(traveller)))).toBe(sentences.wrongCode(4));
      expect(await traveller.giveCode(codeOf(traveller))).toMatch(traveller.of.answer);
    },
  },
  "the code with blanks, in full-width digits, inside a sentence": {
    after: async (traveller) => {
      const forms: ((code: string) => string)[] = [
        (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `,
        fullWidth,
        (code) => `My code is ${code}.`,
      ];
      for (const form of forms) {
        await codeShown(traveller);
        expect(await traveller.ask(form(codeOf(traveller)))).toMatch(traveller.of.answer);
        await traveller.ask("sign out");
      }
    },
  },
  "a code that is too old": {
    before: codeShown,
    between: ({ setUp }) => setUp.moveClock(11 * minute),
    after: async (traveller) => {
      expect(await traveller.giveCode(codeOf(traveller))).toBe(sentences.wrongCode(4));
      await signedIn(traveller);
    },
  },
  "somebody else's code": {
    after: async (traveller) => {
      const owner = await Traveller.open(traveller.setUp, traveller.provider, traveller.channel);
      await Promise.all([codeShown(owner), cardCame(traveller)]);
      expect(await traveller.giveCode(codeOf(owner))).toBe(sentences.wrongCode(4));
      expect(await owner.giveCode(codeOf(owner))).toMatch(owner.of.answer);
    },
  },
  "a code used twice": {
    after: async (traveller) => {
      await codeShown(traveller);
      expect(await traveller.giveCode(codeOf(traveller))).toMatch(traveller.of.answer);
      expect(await traveller.giveCode(codeOf(traveller))).toBe(sentences.noCodeExpected);
    },
  },
  "the number of an error instead of a code": {
    after: async (traveller) => {
      await cardCame(traveller);
      const meant = sentences.signInError("AADSTS50105", meaningOfEntraError("AADSTS50105"));
      for (const text of ["AADSTS50105", "50105", "It says AADSTS50105: not assigned"])
        expect(await traveller.ask(text)).toBe(meant);
      const unknown = await traveller.ask("AADSTS90099999");
      expect(unknown).toMatch(/AADSTS90099999.*Ask me again for a new card; if the number comes back, tell it/);
      expect(await traveller.setUp.logged("AADSTS90099999", 0)).toContain('"known":false');
      await goesOn(traveller);
    },
  },
  "cancel, while a sign-in is waited for": {
    after: async (traveller) => {
      await cardCame(traveller);
      expect(await traveller.ask("cancel")).toBe(sentences.cancelled);
      await nothingCarriedOut(traveller);
    },
  },
  "help, while a sign-in is waited for": {
    after: async (traveller) => {
      await cardCame(traveller);
      expect(await traveller.ask("help")).toContain("I understand:");
      await goesOn(traveller);
    },
  },
  "sign out, while a sign-in is waited for": {
    after: async (traveller) => {
      await cardCame(traveller);
      expect(await traveller.ask("sign out")).toMatch(/^You are signed out\./);
      await nothingCarriedOut(traveller);
    },
  },
  "the link opened by another person": {
    after: async (traveller) => {
      await cardCame(traveller);
      const passedOn = await traveller.signInAt(traveller.address, new Person(), "Kim");
      expect(codeOn(passedOn)).toMatch(/^\d{6}$/);
      expect(await traveller.ask("who am i")).toBe(sentences.notSignedIn);
      expect((await traveller.signInAt(traveller.address)).status).toBe(400);
      await signedIn(traveller);
    },
  },
  "two providers asked one after the other, the first finished first": {
    after: (traveller) => twoProviders(traveller, [0, 1]),
  },
  "two providers asked one after the other, the second finished first": {
    after: (traveller) => twoProviders(traveller, [1, 0]),
  },
  "two conversations of one person": {
    after: async (traveller) => {
      const there = await later(traveller);
      await Promise.all([cardCame(traveller), cardCame(there)]);
      await goesOn(traveller);
      expect(await there.ask("and now?")).toBe(sentences.unknown);
      await answered(there);
    },
  },
  "two channels of one person": {
    after: async (traveller) => {
      const there = await Traveller.open(traveller.setUp, traveller.provider, "web chat");
      await signedIn(there);
      await signedIn(traveller);
      expect(await traveller.ask("sign out")).toMatch(/^You are signed out\./);
      await answered(there);
      expect(await traveller.ask(traveller.of.command)).toBe("card");
    },
  },
  "the provider's page is declined": {
    after: async (traveller) => {
      const { setUp } = traveller;
      const page = await traveller.browser.open(await traveller.opened(await traveller.askForCard()));
      // Nobody who allows it on another road: GitHub remembers that.
      const account = setUp.mailOf("Ada");
      const asks = await traveller.browser.submit(page, { account, password: setUp.azure.tenant.password });
      expect((await traveller.browser.submit(asks, { decision: "cancel" })).status).toBe(400);
      expect(await traveller.ask("It did not work")).toBe(`${sentences.unknown} ${sentences.waiting}`);
      traveller.address = await traveller.askForCard();
      await traveller.browser.open(traveller.of.signOut);
      await goesOn(traveller);
    },
  },
  "the provider is down while somebody signs in": {
    before: cardCame,
    between: async (world, travellers) => {
      // Each one's sign-in page; Entra's token endpoint serves the bot, too.
      for (const name of ["Entra ID", "GitHub", "Company identity provider"]) world.takeDown(name, "/auth");
      for (const traveller of travellers) expect((await traveller.signInAt(traveller.address)).status).toBe(503);
      world.setUp.azure.faults.switchOff();
    },
    after: async (traveller) => {
      expect(await traveller.ask("It did not work")).toBe(`${sentences.unknown} ${sentences.waiting}`);
      await signedIn(traveller);
    },
  },
  "the service behind the provider is down": {
    before: signedIn,
    between: async (world, travellers) => {
      for (const name of ["Microsoft Graph", "GitHub API", "Company orders"]) world.takeDown(name);
      for (const traveller of travellers)
        expect(await traveller.ask(traveller.of.command)).toBe(sentences.unavailable(traveller.of.service));
      world.setUp.azure.faults.switchOff();
    },
    after: answered,
  },
  "the token has ended and is renewed": {
    before: signedIn,
    between: async ({ setUp }, travellers) => {
      await setUp.moveClock(9 * 60 * minute);
      const since = setUp.azure.trace.next();
      await Promise.all(travellers.map(async (traveller) => answered(await later(traveller))));
      const renewals = setUp.azure.trace
        .exchanges(since)
        .filter(({ caller, requestBody = "" }) => caller === "Token Service" && requestBody.includes("refresh_token"));
      for (const { of, provider, channel } of travellers) {
        const renewed = renewals.some(({ service, status }) => service === of.provider && status === 200);
        expect([provider, channel, renewed]).toEqual([provider, channel, true]);
      }
    },
    after: async () => undefined,
  },
  "the token was revoked": {
    before: signedIn,
    between: async (world, travellers) => {
      await revokeAtGitHub(travellers);
      await world.revokeAtCompany("access_token");
    },
    after: async (traveller) => {
      expect(await traveller.ask(traveller.of.command)).toBe(sentences.tokenRefused);
      traveller.address = addressIn(await traveller.talk.answer(hasCard));
      await goesOn(traveller);
    },
  },
  "the renewal is refused": {
    before: async (traveller) => {
      await signedIn(traveller);
    },
    between: async (world, travellers) => {
      await revokeAtGitHub(travellers);
      await world.revokeAtCompany("refresh_token");
      await world.takeConsentBack();
      await world.setUp.moveClock(9 * 60 * minute);
      await Promise.all(
        travellers.map(async (traveller) =>
          expect(await (await later(traveller)).ask(traveller.of.command)).toBe("card"),
        ),
      );
      await world.consent();
    },
    after: async (traveller) => signedIn(await later(traveller)),
  },
  "signed out at the provider": {
    after: async (traveller) => {
      await signedIn(traveller);
      await traveller.ask("sign out");
      const asksWho = async (): Promise<boolean> => {
        const page = await traveller.browser.open(await traveller.opened(await traveller.askForCard()));
        return page.text.includes('name="password"');
      };
      expect(await asksWho()).toBe(false);
      await traveller.browser.open(traveller.of.signOut);
      await traveller.ask("sign out");
      expect(await asksWho()).toBe(true);
    },
  },
  "the message delivered twice at once": {
    before: signedIn,
    between: async ({ setUp }) => {
      undo = inFrontOfBot(setUp.azure, setUp.text("endpoint"), async (request, on) => {
        const [first] = await Promise.all([on(request.clone()), on(request)]);
        return first;
      });
    },
    after: async (traveller) => {
      await answered(traveller);
      await expect(traveller.talk.answer(undefined, 300)).rejects.toThrow("no such answer");
    },
    finally: () => undo?.(),
  },
  "the bot restarts between card and sign-in": {
    before: cardCame,
    between: (world) => world.restart(),
    after: goesOn,
  },
  "two processes of the bot: one is asked, the other hears of the sign-in": {
    before: cardCame,
    between: async ({ setUp }) => {
      const other = (second = await secondInstance(setUp.azure));
      undo = inFrontOfBot(setUp.azure, setUp.text("endpoint"), (request) => sendTo(other.address, request));
    },
    after: async (traveller) => {
      await goesOn(traveller);
      await expect(traveller.talk.answer(undefined, 300)).rejects.toThrow("no such answer");
    },
    finally: async () => {
      undo?.();
      await second?.end();
    },
  },
  "single sign-on": {
    after: async (traveller) => {
      const card = await traveller.talk.ask(traveller.of.command, hasCard);
      const { id, uri } = exchangeIn(card);
      const value = { id, connectionName: traveller.of.connection, token: await tokenFor(traveller, uri) };
      expect(await invoke(traveller, "signin/tokenExchange", value)).toBe(200);
      expect(await traveller.hears()).toMatch(traveller.of.answer);
      expect(await invoke(traveller, "signin/tokenExchange", { ...value, token: "none" })).toBe(200);
      expect(await invoke(traveller, "signin/tokenExchange", { ...value, id: "another", token: "none" })).toBe(400);
    },
  },
  "the sign-in window closed": {
    after: async (traveller) => {
      await cardCame(traveller);
      expect(await invoke(traveller, "signin/verifyState", { state: "CancelledByUser" })).toBe(200);
      expect(await traveller.hears()).toBe(sentences.signInCancelled);
      await goesOn(traveller);
    },
  },
  "the client could not sign in": {
    after: async (traveller) => {
      await cardCame(traveller);
      const value = { code: "resourcematchfailed", message: "no" };
      expect(await invoke(traveller, "signin/failure", value)).toBe(200);
      const words = /^Teams does not sign you in by itself, because I am not set up right/;
      if (traveller.provider !== "entra") expect(await traveller.hears()).toMatch(words);
      else {
        const card = await traveller.talk.answer(hasCard);
        expect([exchangeIn(card), addressIn(card)]).toEqual([undefined, expect.not.stringMatching(traveller.address)]);
        traveller.address = addressIn(card);
      }
      await goesOn(traveller);
    },
  },
};

interface Card {
  readonly buttons: readonly { readonly value: string }[];
  readonly tokenExchangeResource: { readonly id: string; readonly uri: string };
}
export const cardIn = ({ attachments = [] }: Message): Card => (attachments[0] as unknown as { content: Card }).content;
const addressIn = (message: Message): string => cardIn(message).buttons[0]?.value ?? "";
const exchangeIn = (message: Message): Card["tokenExchangeResource"] => cardIn(message).tokenExchangeResource;

/** People take back at GitHub what they have allowed: each application of theirs. */
async function revokeAtGitHub(travellers: readonly Traveller[]): Promise<void> {
  for (const { browser } of travellers.filter(({ of }) => of.provider === "GitHub")) {
    for (;;) {
      const page = await browser.open("https://github.com/settings/applications");
      const [, client_id] = /name="client_id" value="([^"]+)"/.exec(page.text) ?? [];
      if (client_id === undefined) break;
      await browser.submit(page, { client_id });
    }
  }
}

/**
 * A token of Sam's for the bot's sign-in app, as the client has one that he is signed in to. The client is one of the
 * tenant's own that the app allows in advance, as it allows Teams.
 */
export async function tokenFor({ setUp, browser }: Traveller, uri: string): Promise<string> {
  const { hand, azure } = setUp;
  // Any page that is there: the code is in its address.
  const redirect_uri = "https://token.botframework.com/.auth/web/redirect";
  const client = await hand.graph<{ id: string; appId: string }>("POST", "applications", {
    displayName: "chat client",
    web: { redirectUris: [redirect_uri] },
  });
  await hand.graph("POST", "servicePrincipals", { appId: client.appId });
  const { secretText } = await hand.graph<{ secretText: string }>("POST", `applications/${client.id}/addPassword`, {});
  const signInApp = `applications(appId='${setUp.text("signInAppId")}')`;
  type Api = { api: { oauth2PermissionScopes: { id: string }[]; preAuthorizedApplications: object[] } };
  const { api } = await hand.graph<Api>("GET", signInApp);
  const allowed = { appId: client.appId, delegatedPermissionIds: [api.oauth2PermissionScopes[0]?.id] };
  await hand.graph("PATCH", signInApp, {
    api: { preAuthorizedApplications: [...api.preAuthorizedApplications, allowed] },
  });

  const login = `https://login.microsoftonline.com/${azure.tenant.tenantId}/oauth2/v2.0`;
  const asked = { client_id: client.appId, redirect_uri, scope: `${uri}/access_as_user` };
  const page = await browser.open(`${login}/authorize?${new URLSearchParams({ ...asked, response_type: "code" })}`);
  const back = await browser.submit(page, { account: setUp.mailOf("Sam"), password: azure.tenant.password });
  const answer = await fetch(`${login}/token`, {
    method: "POST",
    body: new URLSearchParams({
      ...asked,
      grant_type: "authorization_code",
      client_secret: secretText,
      code: new URL(back.url).searchParams.get("code") ?? "",
    }),
  });
  const { access_token } = (await answer.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error(`no token for the chat client: ${answer.status} ${back.text}`);
  return access_token;
}
