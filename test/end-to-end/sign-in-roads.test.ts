import { cellOf, channelNames, type Provider, providerNames, type Road, roads } from "../../ops/docs/sign-in-roads";
import type { Message } from "botframework-directlinejs";
import { sentences } from "../../bot/sign-in/sentences";
import { hasCard, signInAddress } from "../support/chat";
import { inFrontOfBot } from "../support/in-front-of";
import { Person } from "../support/person";
import { secondInstance, sendTo } from "../support/second-instance";
import { TeamsTalk } from "../support/teams-talk";
import { cardIn, drives, tokenFor } from "./sign-in-roads/drives";
import { codeOn, Traveller } from "./sign-in-roads/traveller";
import { World } from "./sign-in-roads/world";

// Every cell that ops/docs/sign-in-roads.ts calls driven, through the deployed bot and the local Azure. The cells of a road are
// driven at the same time, each by somebody of its own: what moves the clock or starts the bot anew does so once for all.

let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

type Fates = Record<string, string>;

/** Takes a step with everybody for whom all went well so far. */
async function all(
  fates: Fates,
  travellers: Map<string, Traveller>,
  step: (one: Traveller) => Promise<void>,
): Promise<void> {
  const well = [...travellers].filter(([name]) => fates[name] === "well");
  await Promise.all(
    well.map(async ([name, traveller]) => {
      await step(traveller).catch((error: Error) => (fates[name] = error.message));
    }),
  );
}

/** GitHub's two kinds of applications take turns at the one connection. */
async function inTurns(
  travellers: Map<string, Traveller>,
  step: (these: typeof travellers) => Promise<void>,
): Promise<void> {
  const isApp = ({ provider }: { provider: Provider }): boolean => provider === "github-app";
  const [others, apps] = [false, true].map(
    (wanted) => new Map([...travellers].filter(([, traveller]) => isApp(traveller) === wanted)),
  );
  await step(others!);
  if (apps!.size === 0) return;
  await world.useGitHub("github-app");
  try {
    await step(apps!);
  } finally {
    await world.useGitHub("github");
  }
}

async function drive(road: Road): Promise<Fates> {
  const { before, between, after, finally: end } = drives[road.name]!;
  const fates: Fates = {};
  const travellers = new Map<string, Traveller>();
  const driven = providerNames.flatMap((provider) =>
    channelNames
      .filter((channel) => cellOf(road, provider, channel) === "driven")
      .map((channel) => ({ provider, channel })),
  );
  await Promise.all(
    driven.map(async ({ provider, channel }) => {
      fates[`${provider}, ${channel}`] = "well";
      travellers.set(`${provider}, ${channel}`, await Traveller.open(world.setUp, provider, channel));
    }),
  );
  try {
    if (before) await inTurns(travellers, (these) => all(fates, these, before));
    if (between && travellers.has("github-app, web chat")) await world.useGitHub("github-app");
    await between?.(
      world,
      [...travellers].filter(([name]) => fates[name] === "well").map(([, traveller]) => traveller),
    );
    await world.useGitHub("github");
    await inTurns(travellers, (these) => all(fates, these, after));
  } finally {
    world.setUp.azure.faults.switchOff();
    await end?.(world);
  }
  return fates;
}

test("every road of the table is driven, and no other", () => {
  const named = roads.filter((road) =>
    providerNames.some((provider) => channelNames.some((channel) => cellOf(road, provider, channel) === "driven")),
  );
  expect(Object.keys(drives)).toEqual(named.map(({ name }) => name));
});

const driven = roads.filter(({ name }) => drives[name]);

test.each(driven.map((road) => [road.name, road] as const))("%s", async (name, road) => {
  // The second process needs the environment of the first, which Linux shows.
  if (name.startsWith("two processes") && process.platform !== "linux") return;
  const fates = await drive(road);
  expect(fates).toEqual(Object.fromEntries(Object.keys(fates).map((cell) => [cell, "well"])));
});

test("in a group chat of Teams only its asker sees card and answer; where Teams takes no such message, his own chat does", async () => {
  const { azure } = world.setUp;
  const [asker, other] = azure.tenant.people;
  const appId = world.setUp.text("botAppId");
  const here = await TeamsTalk.open(azure, appId, asker!, "groupChat");
  const there = await TeamsTalk.open(azure, appId, other!, "groupChat");
  const isText = ({ text }: Message): boolean => Boolean(text);
  const before = there.heard.length;
  const browser = new Person();
  const card = await here.ask("mail", hasCard);
  let page = await browser.open(signInAddress(card) ?? "");
  page = await browser.submit(page, { account: world.setUp.mailOf("Sam"), password: azure.tenant.password });
  const code = codeOn(
    page.text.includes('name="decision"') ? await browser.submit(page, { decision: "accept" }) : page,
  );
  expect(await here.invoke("signin/verifyState", { state: code })).toBe(200);
  expect((await here.answer(isText)).text).toMatch(/^Your (newest message|\d newest messages):/);
  expect(there.heard.slice(before)).toEqual([]);

  azure.switches["no-targeted-messages"] = true;
  try {
    expect((await here.ask("mail", isText)).text).toBe(sentences.askAlone);
    const alone = await TeamsTalk.open(azure, appId, asker!);
    expect((await here.ask("mail", isText)).text).toBe(sentences.answeredAlone);
    expect((await alone.answer(({ text }) => /^Your /.test(text ?? ""))).text).toMatch(/newest message/);
    expect(new Set(there.heard.slice(before).map(({ text }) => text))).toEqual(
      new Set([sentences.askAlone, sentences.answeredAlone]),
    );
  } finally {
    azure.switches["no-targeted-messages"] = false;
  }
});

test("three clients of one person and two processes of the bot: consent is missing, then given, and his mail is sent once", async () => {
  if (process.platform !== "linux") return;
  const { setUp } = world;
  const traveller = await Traveller.open(setUp, "entra", "teams");
  const talk = traveller.talk as TeamsTalk;
  const card = cardIn(await talk.ask("send sam@contoso.com Three clients", hasCard));
  const { id, uri } = card.tokenExchangeResource;
  const value = { id, connectionName: traveller.of.connection, token: await tokenFor(traveller, uri) };
  const other = await secondInstance(setUp.azure);
  let turns = 0;
  const undo = inFrontOfBot(setUp.azure, setUp.text("endpoint"), (request, on) =>
    turns++ % 2 === 0 ? on(request) : sendTo(other.address, request),
  );
  const clients = (): Promise<number[]> => Promise.all([1, 2, 3].map(() => talk.invoke("signin/tokenExchange", value)));
  try {
    await world.takeConsentBack();
    expect(await clients()).toEqual([412, 412, 412]);
    await world.consent();
    const since = setUp.azure.trace.next();
    expect(await clients()).toEqual([200, 200, 200]);
    const sent = setUp.azure.trace.exchanges(since).filter(({ url }) => url.endsWith("/v1.0/me/sendMail"));
    expect(sent.map(({ status }) => status)).toEqual([202]);
    expect(talk.heard.filter(({ text }) => text?.startsWith("Sent to sam@contoso.com"))).toHaveLength(1);
  } finally {
    undo();
    await other.end();
    await world.consent();
  }
});
