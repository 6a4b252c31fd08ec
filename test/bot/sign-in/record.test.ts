import {
  ask,
  claimExchange,
  emptyRecord,
  forget,
  requestLifetime,
  type SignInRecord,
  take,
} from "../../../bot/sign-in/record";

const now = new Date("2026-11-22T10:00:00Z");
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
const waiting = ask(emptyRecord, "Graph", "mail", now).record;

test("the newest request takes the place of one that still waits", () => {
  const { record } = ask(waiting, "Graph", "send sam@contoso.com Hello", later(1000));
  expect(record).toEqual({
    exchanges: [],
    pending: {
      connection: "Graph",
      request: "send sam@contoso.com Hello",
      askedAt: "2026-11-22T10:00:01.000Z",
    },
  });
});

describe("a request is carried out once, for its own connection and in time", () => {
  const cases: [string, SignInRecord, string, Date, object, boolean][] = [
    ["in time", waiting, "Graph", later(requestLifetime), { kind: "request", request: "mail" }, false],
    ["too late", waiting, "Graph", later(requestLifetime + 1), { kind: "too late" }, false],
    ["of another connection", waiting, "GitHub", now, { kind: "nothing" }, true],
    ["none waits", emptyRecord, "Graph", now, { kind: "nothing" }, false],
    ["taken already", take(waiting, "Graph", now).record, "Graph", now, { kind: "nothing" }, false],
  ];
  test.each(cases)("%s", (_, record, connection, at, found, stillWaits) => {
    const change = take(record, connection, at);
    expect([change.found, change.record.pending !== undefined]).toEqual([found, stillWaits]);
  });
});

test("an exchange is claimed once, and others still can be", () => {
  const first = claimExchange(waiting, "a");
  const again = claimExchange(first.record, "a");
  const other = claimExchange(first.record, "b");
  expect([first.found, again.found, other.found, other.record.exchanges]).toEqual([true, false, true, ["a", "b"]]);
  expect(again.record).toBe(first.record);
});

test("the claims do not grow without end", () => {
  let record: SignInRecord = emptyRecord;
  for (let id = 0; id < 20; id++) record = claimExchange(record, String(id)).record;
  expect(record.exchanges).toEqual(["12", "13", "14", "15", "16", "17", "18", "19"]);
});

test("a sign-out forgets the request, not the claims", () => {
  expect(forget(claimExchange(waiting, "a").record).record).toEqual({ exchanges: ["a"] });
});
