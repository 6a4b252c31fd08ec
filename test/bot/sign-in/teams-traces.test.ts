import { differences, type Difference } from "../../fixtures/teams-traces/compare";
import { botAppId, popup, serviceUrl, silent, type Sent, type Trace } from "../../fixtures/teams-traces/traces";
import { settings } from "../support/azure";
import { createChannel } from "../support/channel";
import { type FrontDoor, openFrontDoor } from "../support/front-door";
import { type Call, replaceInternet } from "../support/internet";

// Real traffic of Teams is replayed: what the channel sent goes to the bot, and what the bot sends is compared field by field.

/** Differences that are meant, each by what it says of itself (`field: recorded > sent`), and why. */
const meant: readonly (readonly [RegExp, string])[] = [
  [
    /^[a-z -]+\.host: "token\.botframework\.com" > "api\.botframework\.com"$/,
    "Both hosts serve the Token Service's API. The SDK for JavaScript asks api.botframework.com, with the residency before it.",
  ],
  [
    /^the name of [a-z -]+\.query: "userid" > "userId"$/,
    "Names of a query are read whatever their case; this is the SDK's spelling.",
  ],
  [
    /^the name of sign-in address\.state(\.\w+)*: "([A-Z])(\w+)" > "[a-z]\3"$/,
    "The names of .NET's members begin with a capital, those of every other SDK do not.",
  ],
  [
    /^card\.(query\.isTargetedActivity|body\.recipient\.isTargeted): "?true"? > undefined$/,
    "There is nobody else in a personal chat to hide the card from, and Microsoft's own SDK refuses to target there since.",
  ],
  [
    /^card\.body\.attachments\.0\.content\.(text|buttons\.0\.title): /,
    "The words are the bot's own: they say what to do with a code, and with the number of an error.",
  ],
  [/^reply\.body\.text: /, "Each bot says its own words."],
  [/^reply\.body\.textFormat: "plain" > "markdown"$/, "The bot's answers are Markdown."],
  [
    /^reply\.body\.recipient: undefined > \{"id":"29:/,
    "The SDK for JavaScript names whom a reply is for in every reply, as the recorded bot did in the card's.",
  ],
  [
    /^extra: GET \/(api\/usertoken\/GetToken|v1\.0\/me\/mailFolders\/inbox\/messages)$/,
    "Once the person is signed in the bot carries out what was asked for; the recorded one said that he is.",
  ],
  [/^Graph\.query\.\$select: undefined > /, "The bot asks for no more of the profile than it tells."],
];

const saying = (one: Difference | { extra: string }): string =>
  "extra" in one ? `extra: ${one.extra}` : `${one.at}: ${JSON.stringify(one.recorded)} > ${JSON.stringify(one.sent)}`;

/** Answers the bot as the services answered; gives what it sends that the recorded one did not, and where the two differ. */
async function replay({ connectionName, exchanges }: Trace): Promise<(Difference | { extra: string })[]> {
  const channel = await createChannel();
  let awaited: Sent[] = [];
  let calls: Call[] = [];
  let signedIn = false;
  const answer = (call: Call): Response => {
    calls.push(call);
    const recorded = awaited.find((one) => isSame(one, call));
    awaited = awaited.filter((one) => one !== recorded);
    if (recorded?.status === 404) return new Response("", { status: 404 });
    if (recorded) return Response.json(recorded.answer ?? {}, { status: recorded.status });
    if (call.url.pathname.endsWith("/messages")) return Response.json({ value: [] });
    return signedIn ? Response.json({ connectionName, token: "user-token" }) : new Response("", { status: 404 });
  };
  const internet = replaceInternet({
    "login.microsoftonline.com": () =>
      Response.json({ token_type: "Bearer", expires_in: 3600, access_token: "bot-token" }),
    "api.botframework.com": answer,
    "smba.trafficmanager.net": answer,
    "graph.microsoft.com": answer,
  });
  const [connection] = settings.connections;
  const bot: FrontDoor = await openFrontDoor(channel, undefined, {
    ...settings,
    appId: botAppId,
    tokenServiceEndpoint: "https://api.botframework.com",
    connections: [{ ...connection!, name: connectionName }],
  });
  const found: (Difference | { extra: string })[] = [];
  try {
    for (const { arrives, sends, status } of exchanges) {
      [awaited, calls] = [[...sends], []];
      const authorization = `Bearer ${await channel.token({ aud: botAppId, serviceurl: serviceUrl })}`;
      signedIn ||= arrives.type === "invoke";
      const delivered = await bot.post(JSON.stringify(arrives), { authorization });
      found.push(...differences(status, delivered.status, "answer.status"));
      for (const recorded of sends) {
        const at = calls.findIndex((call) => isSame(recorded, call));
        const [call] = at < 0 ? [] : calls.splice(at, 1);
        found.push(...differences(asSent(recorded), call && asCalled(call), recorded.name));
      }
      found.push(...calls.map(({ method, url }) => ({ extra: `${method} ${url.pathname}` })));
    }
  } finally {
    await bot.close();
    internet.restore();
  }
  return found;
}

const isSame = ({ method, path, query = {} }: Sent, { method: called, url }: Call): boolean =>
  method === called &&
  decodeURIComponent(url.pathname) === path &&
  (query.code ?? null) === url.searchParams.get("code");

function asSent({ host, path, query = {}, state, body }: Sent): object {
  return { host, path, query, state, body };
}

function asCalled({ url, body }: Call): object {
  const { state, ...query } = Object.fromEntries(url.searchParams);
  return {
    host: url.hostname,
    path: decodeURIComponent(url.pathname),
    query,
    state: state && (JSON.parse(Buffer.from(state, "base64").toString("utf8")) as unknown),
    body: body === "" ? undefined : (JSON.parse(body) as unknown),
  };
}

const used = new Set<RegExp>();

test.each([
  ["single sign-on", silent],
  ["the sign-in window", popup],
])("%s goes over the wire as it did between Teams and Microsoft's own SDK", async (_, trace) => {
  const found = (await replay(trace)).map(saying);
  const surprising = found.filter((text) => {
    const row = meant.find(([pattern]) => pattern.test(text));
    if (row) used.add(row[0]);
    return !row;
  });
  expect(surprising).toEqual([]);
});

test("every difference that is meant is there", () => {
  expect(meant.filter(([pattern]) => !used.has(pattern)).map(([, why]) => why)).toEqual([]);
});

test("a difference that nobody means is found", () => {
  const recorded = { query: { userid: "1", channelId: "msteams" }, card: { text: "x" } };
  const sent = {
    query: { userId: "1", channelId: "msteams:COPILOT" },
    card: { text: "x", tokenExchangeResource: null },
  };
  expect(differences(recorded, sent, "request").map(saying)).toEqual([
    'the name of request.query: "userid" > "userId"',
    'request.query.channelId: "msteams" > "msteams:COPILOT"',
    "request.card.tokenExchangeResource: undefined > null",
  ]);
});

test("an exchange resource that the Token Service says is null stays out of the card, which Teams would refuse", async () => {
  const [first] = popup.exchanges;
  const sends = first!.sends.map((one) =>
    one.name === "sign-in address" ? { ...one, answer: { ...one.answer, tokenExchangeResource: null } } : one,
  );
  const found = (await replay({ ...popup, exchanges: [{ ...first!, sends }] })).map(saying);
  expect(found.filter((text) => text.includes("tokenExchangeResource"))).toEqual([]);
});

test("Copilot's sub-channel gets neither into the state nor to the Token Service", async () => {
  const [first] = silent.exchanges;
  const asCopilot = { ...first!, arrives: { ...first!.arrives, channelId: "msteams:COPILOT" } };
  const found = (await replay({ ...silent, exchanges: [asCopilot] })).map(saying);
  expect(found.filter((text) => text.includes("COPILOT"))).toEqual([]);
});
