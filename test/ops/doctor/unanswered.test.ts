import { diagnose, targetOfStack } from "../../../ops/doctor/doctor";
import type { Diagnosis } from "../../../ops/doctor/diagnosis";
import { stackSettings } from "../../../ops/pulumi/stack-settings";
import { SetUp, shapes } from "../../doctor/set-ups";
import { type BadAnswer, badAnswers, meeting } from "../../support/bad-answers";

// A healthy stack, of which one service does not answer properly: nothing is wrong with it, and something could not be looked at.

let setUp: SetUp;
let target: Awaited<ReturnType<typeof targetOfStack>>;
beforeAll(async () => {
  setUp = await SetUp.of(shapes.find(({ name }) => name === "mail")!);
  const { access, environment, subject } = setUp;
  if ("bot" in subject) throw new Error("the set-up mail has a stack");
  const settings = await stackSettings(subject.folder, subject.stack, environment);
  target = await targetOfStack(access, settings, subject.stack);
});
afterAll(() => setUp?.close());

const isHost = (pattern: RegExp) => (_method: string, url: URL) => pattern.test(url.host);
const botItself = /\/botServices\/[^/]+$/i;

const services: readonly [name: string, isMet: (method: string, url: URL) => boolean, unread: RegExp][] = [
  [
    "ARM, besides the bot itself",
    (_method, url) => url.host === "management.azure.com" && !botItself.test(url.pathname),
    /^the connections$/,
  ],
  [
    "ARM where it gives secrets out",
    (method, url) => method === "POST" && url.host === "management.azure.com",
    /secret/,
  ],
  ["Microsoft Graph", isHost(/^graph\.microsoft\.com$/), /^the application /],
  ["the vault", isHost(/\.vault\.azure\.net$/), /^the value of the secret /],
  ["Entra", isHost(/^login\.microsoftonline\.com$/), /^whether Entra takes the bot's secret$/],
  ["the deployment service", isHost(/\.scm\./), /^(the code in|whether the web app runs the code in)/],
];

const cases = services.flatMap(([name, isMet, unread]) =>
  badAnswers.map((bad) => [name, bad.what, { bad, isMet, unread }] as const),
);

test("where everything answers, all of it is looked at", async () => {
  expect(await diagnose(setUp.access, target)).toMatchObject({ findings: [], notChecked: [] });
});

test.each(cases)("%s answers with %s: told as not checked, and nothing is called wrong", async (name, _what, one) => {
  const { findings, notChecked } = await look(one.bad, one.isMet);
  expect(findings).toEqual([]);
  const met = notChecked.filter(({ what }) => one.unread.test(what));
  // Entra's page for people is HTML anyway: an empty one says nothing against a sign-in.
  if (!(name === "Entra" && met.length === 0 && notChecked.length === 0)) expect(met).not.toEqual([]);
  for (const { because } of met) {
    if (!/does not give the file/.test(because)) expect(because).toMatch(one.bad.words);
  }
  for (const { because } of notChecked)
    expect(because).not.toMatch(/undefined|TypeError|SyntaxError|Unexpected|\[object/);
});

test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
  "ARM answers with %s for the bot itself: one sentence, no stack trace",
  async (_what, bad) => {
    await expect(look(bad, isHost(/^management\.azure\.com$/))).rejects.toMatchObject({
      name: "AzureCallError",
      message: expect.stringMatching(bad.words) as string,
    });
  },
);

test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
  "the bot answers with %s: that is a finding, with what was met",
  async (_what, bad) => {
    const host = await setUp.hand.host();
    const { findings } = await look(bad, (_method, url) => url.host === host);
    expect(findings).toHaveLength(1);
    expect(findings[0]!.code).toMatch(/^(bot-endpoint-silent|health-failing)$/);
    expect(findings[0]!.evidence).toMatch(bad.words);
  },
);

test.each(badAnswers.map((bad) => [bad.what, bad] as const))(
  "Direct Line answers a real sign-in with %s: it is not checked, and the rest is told",
  async (_what, bad) => {
    const person = { shown: () => undefined, told: () => undefined, typed: () => undefined };
    const access = meeting(setUp.access, bad, isHost(/^directline\.botframework\.com$/));
    const { findings, notChecked } = await diagnose(access, target, { say: undefined, within: 1_000, person });
    expect(findings).toEqual([]);
    expect(notChecked).toEqual([
      expect.objectContaining({
        what: "a real sign-in",
        because: expect.stringMatching(bad.words) as string,
      }),
    ]);
  },
);

test("whichever call alone is not answered, nothing is called wrong that only follows from it", async () => {
  const calls = new Set<string>();
  const key = (method: string, { host, pathname, search }: URL): string => `${method} ${host}${pathname}${search}`;
  const host = await setUp.hand.host();
  const isAzure = (_method: string, url: URL): boolean => url.host !== host && !url.host.includes(".scm.");
  const asIs: BadAnswer = { what: "", answer: (answered) => answered(), words: /./ };
  await look(asIs, (method, url) => {
    if (isAzure(method, url) && !botItself.test(url.pathname)) calls.add(key(method, url));
    return false;
  });
  expect(calls.size).toBeGreaterThan(40);

  const refused = JSON.stringify({ error: { code: "AuthorizationFailed", message: "You may not." } });
  const ways: readonly BadAnswer[] = [
    ...badAnswers.filter(({ what }) => ["half a body", "JSON of somebody else's"].includes(what)),
    {
      what: "a gateway's 404",
      answer: async () => new Response("<html>Not Found</html>", { status: 404 }),
      words: /404/,
    },
    { what: "a refusal", answer: async () => new Response(refused, { status: 403 }), words: /You may not/ },
  ];
  const wrong: string[] = [];
  for (const [at, call] of [...calls].entries()) {
    // One way each, in turn: all of them for each would take a minute.
    const way = ways[at % ways.length]!;
    // What Entra refuses on a page or of a password is a finding.
    const bad = call.includes(" login.microsoftonline.com") ? ways[0]! : way;
    const { findings, notChecked } = await look(bad, (method, url) => key(method, url) === call);
    wrong.push(...findings.map(({ code, evidence }) => `${call} answers with ${bad.what}: ${code} (${evidence})`));
    const isPage = /\/authorize$|openid-configuration$/.test(call.split("?")[0]!);
    if (notChecked.length === 0 && !isPage) wrong.push(`${call} answers with ${bad.what}: nobody is told`);
  }
  expect(wrong).toEqual([]);
});

function look(bad: BadAnswer, isMet: (method: string, url: URL) => boolean): Promise<Diagnosis> {
  return diagnose(meeting(setUp.access, bad, isMet), target);
}
