import { takeClaim } from "../../../bot/sign-in/claim";
import { type Holder } from "../../../bot/sign-in/sign-in-record";
import { ask, expire, failSingleSignOn, forget, requestLifetime, take } from "../../../bot/sign-in/pending-request";
import { emptyRecord, type SignInRecord } from "../../../bot/sign-in/sign-in-record";

const now = new Date("2026-11-22T10:00:00Z");
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
const holder: Holder = { id: "turn", until: now.getTime() + 14_000 };
const claimed = (record: SignInRecord, id = "claim"): SignInRecord =>
  takeClaim(record, id, holder, now.getTime(), () => "lost").record;
const waiting = ask(claimed(emptyRecord), "Graph", "mail", now).record;
const taken = take(waiting, "Graph", "claim", holder, now).record;
const other: Holder = { ...holder, id: "other turn" };

test("the newest request takes the place of its connection's that still waits, and of no other's", () => {
  const { record } = ask(
    ask(ask(emptyRecord, "Graph", "mail", now).record, "GitHub", "issues", now).record,
    "Graph",
    "send sam@contoso.com Hello",
    later(1000),
  );
  expect(record).toEqual({
    claims: [],
    pending: [
      { connection: "GitHub", request: "issues", askedAt: "2026-11-22T10:00:00.000Z" },
      { connection: "Graph", request: "send sam@contoso.com Hello", askedAt: "2026-11-22T10:00:01.000Z" },
    ],
  });
});

describe("a request is carried out once, for its own connection and in time", () => {
  const cases: [string, SignInRecord, string, Date, object, boolean][] = [
    ["in time", waiting, "Graph", later(requestLifetime), { outcome: "request", request: "mail" }, false],
    ["too late", waiting, "Graph", later(requestLifetime + 1), { outcome: "too late" }, false],
    ["of another connection", waiting, "GitHub", now, { outcome: "nothing" }, true],
    ["none waits", claimed(emptyRecord), "Graph", now, { outcome: "nothing" }, false],
    [
      "taken, and the answer of that write was lost",
      taken,
      "Graph",
      now,
      { outcome: "request", request: "mail" },
      false,
    ],
  ];
  test.each(cases)("%s", (_, record, connection, at, found, stillWaits) => {
    const change = take(record, connection, "claim", holder, at);
    expect([change.found, change.record.pending.length > 0]).toEqual([found, stillWaits]);
  });
});

test("a turn whose claim another turn has taken since leaves the request alone", () => {
  const change = take(waiting, "Graph", "claim", other, now);
  expect([change.found, change.record]).toEqual([{ outcome: "nothing" }, waiting]);
});

test("a client's failure is the newest request's for which it was to sign in by itself, and is told once", () => {
  const singleSignOn = "offered";
  const offered = ask(ask(waiting, "Graph", "mail", now, { singleSignOn }).record, "GitHub", "issues", now).record;
  const first = failSingleSignOn(offered);
  expect(first.found).toMatchObject({ connection: "Graph", request: "mail" });
  expect(failSingleSignOn(first.record)).toEqual({ record: first.record, found: "told" });
  expect(take(first.record, "Graph", "claim", holder, now).found).toEqual({ outcome: "request", request: "mail" });
  expect(failSingleSignOn(waiting)).toEqual({ record: waiting, found: undefined });
});

test("a sign-out forgets the request, not the claims", () => {
  expect(forget(waiting).record).toEqual({ pending: [], claims: waiting.claims });
});

test("signing out of one connection leaves what waits for another", () => {
  const { record } = ask(waiting, "GitHub", "issues", now);
  expect(forget(record, "Graph").record.pending.map(({ connection }) => connection)).toEqual(["GitHub"]);
});

test("what was asked for too long ago is forgotten, that it was asked for is not", () => {
  expect(expire(waiting, later(requestLifetime))).toBe(waiting);
  const record = expire(waiting, later(requestLifetime + 1));
  expect(record.pending).toEqual([{ connection: "Graph", request: "", askedAt: now.toISOString() }]);
  expect(expire(record, later(2 * requestLifetime))).toBe(record);
  expect(take(record, "Graph", "claim", holder, later(requestLifetime + 1)).found).toEqual({ outcome: "too late" });
});
