import {
  claimId,
  claimLifetime,
  finishClaim,
  type Found,
  mostClaims,
  releaseClaim,
  stateOfClaim,
  takeClaim,
} from "../../../bot/sign-in/claim";
import { type Claim } from "../../../bot/sign-in/sign-in-record";
import { ask, requestLifetime, take } from "../../../bot/sign-in/pending-request";
import { emptyRecord, type SignInRecord } from "../../../bot/sign-in/sign-in-record";

const now = 1_800_000_000_000;
const mine = { id: "mine", until: now + 14_000 };
const other = { id: "other", until: now + 10_000 };
const gone = { id: "gone", until: now - 1 };
const answer = "Sent.";
const lost = "It may have been sent.";

const withClaim = (claim?: Partial<Claim>): SignInRecord => ({
  pending: [],
  claims: claim ? [{ id: "a", state: "taken", holder: other.id, until: other.until, ...claim }] : [],
});
const takeAt = (record: SignInRecord, at = now): { record: SignInRecord; found: Found } =>
  takeClaim(record, "a", mine, at, () => lost);

describe("a turn that wants to carry something out", () => {
  const cases: [string, SignInRecord, Found][] = [
    ["that nobody has claimed may", withClaim(), { outcome: "yours" }],
    [
      "that is its own already may: the answer to its write was lost",
      withClaim({ holder: mine.id }),
      { outcome: "yours" },
    ],
    ["that failed for certain may", withClaim({ state: "free" }), { outcome: "yours" }],
    ["that another turn has at hand waits", withClaim({}), { outcome: "running" }],
    ["that is done leaves it", withClaim({ state: "done" }), { outcome: "done" }],
    [
      "that is done gives the status again",
      withClaim({ state: "done", status: 412 }),
      { outcome: "done", status: 412 },
    ],
    ["whose answer is being said waits", withClaim({ state: "done", answer }), { outcome: "running" }],
    [
      "whose answer could not be said says it",
      withClaim({ state: "done", answer, until: now }),
      { outcome: "done", answer },
    ],
    [
      "that a lost turn had says that nobody knows",
      withClaim({ until: gone.until }),
      { outcome: "done", answer: lost },
    ],
  ];
  test.each(cases)("%s", (_, record, found) => expect(takeAt(record).found).toEqual(found));

  test("for which nobody has been asked to sign in yet, because that turn was lost, may", () => {
    const { record } = ask(withClaim({ until: gone.until }), "Graph", "send", new Date(now), { claim: "a" });
    expect(takeAt(record).found).toEqual({ outcome: "yours" });
  });
});

test("that nobody knows is told by one turn, and never becomes a second try", () => {
  const first = takeAt(withClaim({ until: gone.until }));
  const second = takeClaim(first.record, "a", other, now, () => lost);
  const told = finishClaim(first.record, "a", mine, {});
  expect([second.found, takeClaim(told, "a", other, now, () => lost).found]).toEqual([
    { outcome: "running" },
    { outcome: "done" },
  ]);
});

test("a turn that has lost its claim to another one changes nothing of it any more", () => {
  const { record } = takeAt(withClaim({ until: gone.until }));
  expect(finishClaim(record, "a", other, {})).toBe(record);
  expect(releaseClaim(record, "a", other, true)).toBe(record);
});

test.each([true, false])(
  "what failed waits for the next sign-in again (told: %s), unless its connection has something newer",
  (told) => {
    const waiting = ask(takeAt(withClaim()).record, "Graph", "send", new Date(now)).record;
    const taken = take(waiting, "Graph", "a", mine, new Date(now)).record;
    const waits = (record: SignInRecord): string[] => record.pending.map(({ request }) => request);
    expect(waits(taken)).toEqual([]);
    expect(waits(releaseClaim(taken, "a", mine, told))).toEqual(["send"]);
    const newer = ask(taken, "Graph", "newer", new Date(now)).record;
    expect(waits(releaseClaim(newer, "a", mine, told))).toEqual(["newer"]);
    const another = ask(taken, "GitHub", "issues", new Date(now)).record;
    expect(waits(releaseClaim(another, "a", mine, told))).toEqual(["send", "issues"]);
  },
);

test("whoever waits for a turn sees when it has ended, and whether there is anything left to do", () => {
  const records = [
    withClaim({}),
    withClaim({ state: "free" }),
    withClaim({ state: "done" }),
    withClaim(),
    withClaim({ until: now }),
  ];
  expect(records.map((record) => stateOfClaim(record, "a", now))).toEqual(["running", "told", "over", "over", "over"]);
});

test("claims are forgotten after a time that is longer than any message is carried out after, never sooner", () => {
  expect(claimLifetime).toBeGreaterThan(requestLifetime);
  const done = withClaim({ state: "done", until: now });
  expect(takeAt(done, now + claimLifetime - 1).found).toEqual({ outcome: "done" });
  expect(takeAt(done, now + claimLifetime)).toMatchObject({
    found: { outcome: "yours" },
    record: { claims: [{ id: "a" }] },
  });
  let record = emptyRecord;
  for (let at = 0; at < mostClaims; at++) record = takeClaim(record, `${at}`, mine, now, () => lost).record;
  expect(takeAt(record).found).toEqual({ outcome: "too many" });
  expect(takeClaim(record, "0", other, now, () => lost).found).toEqual({ outcome: "running" });
});

test("claims of activities and of exchanges never meet, and their names are short", () => {
  const names = [claimId("activity", "a"), claimId("exchange", "a"), claimId("activity", "b".repeat(10_000))];
  expect([new Set(names).size, names.map(({ length }) => length)]).toEqual([3, [22, 22, 22]]);
});
