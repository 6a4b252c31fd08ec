import { type Found, takeClaim } from "../../../bot/sign-in/claim";
import { ask, requestLifetime, take } from "../../../bot/sign-in/pending-request";
import { type Change, type SignInRecord } from "../../../bot/sign-in/sign-in-record";
import { keyOf, SignInRecords } from "../../../bot/sign-in/sign-in-records";
import { MemoryStorage } from "../support/memory-storage";

const owner = { channelId: "directline", conversationId: "conversation-1", userId: "dl_ada" };
const now = new Date("2026-11-22T10:00:00Z");

/** Takes a claim for a turn. */
const claim =
  (id: string, turn: string) =>
  (record: SignInRecord): Change<Found> =>
    takeClaim(record, id, { id: turn, until: now.getTime() + 14_000 }, now.getTime(), () => "lost");

test("what one turn wrote the next one reads", async () => {
  const records = new SignInRecords(new MemoryStorage(), () => now);
  await records.change(owner, (record) => ask(record, "Graph", "mail", now));
  expect(await records.read(owner)).toEqual({
    claims: [],
    pending: [{ connection: "Graph", request: "mail", askedAt: now.toISOString() }],
  });
});

test("of two instances that claim the same delivery at the same time one gets it, on a new record and on an old one", async () => {
  const storage = new MemoryStorage();
  const records = new SignInRecords(storage, () => now);
  const others = new SignInRecords(new MemoryStorage(storage.items), () => now);
  for (const id of ["first", "second"]) {
    let other: Found | undefined;
    storage.meanwhile = async () => {
      other = await others.change(owner, claim(id, "other"));
    };
    const mine = await records.change(owner, claim(id, "mine"));
    expect([mine, other]).toEqual([{ outcome: "running" }, { outcome: "yours" }]);
  }
});

test("of ten turns that complete a sign-in at the same time one carries out the request", async () => {
  const records = new SignInRecords(new MemoryStorage(), () => now);
  await records.change(owner, (record) => ask(record, "Graph", "mail", now));
  const turns = Array.from({ length: 10 }, async (_, at) => {
    await records.change(owner, claim(`delivery ${at}`, `turn ${at}`));
    const holder = { id: `turn ${at}`, until: now.getTime() + 14_000 };
    return records.change(owner, (record) => take(record, "Graph", `delivery ${at}`, holder, now));
  });
  const outcomes = (await Promise.all(turns)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "request")).toHaveLength(1);
});

test("a change that changes nothing is not written", async () => {
  const storage = new MemoryStorage();
  await new SignInRecords(storage, () => now).change(owner, (record) =>
    take(record, "Graph", "claim", { id: "turn", until: 0 }, now),
  );
  expect(storage.items.size).toBe(0);
});

test("records of different people, conversations and channels never meet, and their names name nobody", () => {
  const keys = [
    owner,
    { ...owner, userId: "dl_bob" },
    { ...owner, conversationId: "conversation-2" },
    { ...owner, channelId: "webchat" },
    { channelId: "directline", conversationId: "conversation-1dl_", userId: "ada" },
  ].map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys[0]).toMatch(/^sign-in\/[0-9a-f]{64}$/);
});

test("what somebody asked for and never signed in for is gone from the storage once the record is read or changed", async () => {
  let time = now;
  for (const look of ["read", "change"] as const) {
    const storage = new MemoryStorage();
    const records = new SignInRecords(storage, () => time);
    time = now;
    await records.change(owner, (record) => ask(record, "Graph", "send sam@contoso.com Secret", now));
    time = new Date(now.getTime() + requestLifetime + 1);
    const found =
      look === "read"
        ? await records.read(owner)
        : await records.change(owner, (record) => ({ record, found: record }));
    expect(found.pending.map(({ request }) => request)).toEqual([""]);
    expect(JSON.stringify([...storage.items.values()])).not.toContain("Secret");
  }
});
