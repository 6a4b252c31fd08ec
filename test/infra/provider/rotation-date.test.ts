import { rotationDate } from "../../../infra/provider/rotation-date";

const provider = rotationDate(() => new Date("2026-11-22T03:04:05.678Z"));
const now = "2026-11-22T03:04:05Z";
const inputs = { renewed: "never", asked: "" };
const state = { ...inputs, startedAt: now, otherStartedAt: now, rotation: 0, connections: 0 };
const old = "2026-05-01T00:00:00Z";
const aged = { ...state, startedAt: old, otherStartedAt: old };

test("the moment is taken once: no secret is renewed by deploying again", async () => {
  expect(await provider.create(inputs)).toEqual({ id: now, outs: state });
  expect(await provider.diff(now, state, inputs)).toEqual({ changes: false, replaces: [] });
  expect(await provider.read(now, state)).toEqual({ id: now, props: state });
});

test("another text rotates, the connections with it; what was the newest stays", async () => {
  const renewed = { ...inputs, renewed: "2027-01-15" };
  expect(await provider.diff(old, aged, renewed)).toEqual({ changes: true, replaces: [] });
  expect(await provider.update(old, aged, renewed)).toEqual({
    outs: { ...aged, ...renewed, otherStartedAt: now, rotation: 1, connections: 1 },
  });
});

test("a rotation in two steps; without a word about it the state stays as it is, and nothing is taken back", async () => {
  const begun = { ...aged, otherStartedAt: now, rotation: 1, asked: "1" };
  expect(await provider.update(old, aged, { ...inputs, asked: "1" })).toEqual({ outs: begun });
  for (const asked of ["", "0", "0 done", "1"]) {
    expect(await provider.diff(old, begun, { ...inputs, asked })).toEqual({ changes: false, replaces: [] });
  }
  const done = { ...inputs, asked: "1 done" };
  expect(await provider.diff(old, begun, done)).toEqual({ changes: true, replaces: [] });
  expect(await provider.update(old, begun, done)).toEqual({ outs: { ...begun, ...done, connections: 1 } });
});

test("the state of a version that knew no rotations is its first deployment", async () => {
  const { renewed, startedAt } = aged;
  const before = { renewed, startedAt } as typeof aged;
  expect(await provider.diff(old, before, inputs)).toEqual({ changes: false, replaces: [] });
  expect((await provider.update(old, before, { ...inputs, asked: "1" })).outs).toMatchObject({
    startedAt: old,
    otherStartedAt: now,
    rotation: 1,
    connections: 0,
  });
});

test("what is no rotation is refused before anything is written", async () => {
  expect(await provider.check({}, { ...inputs, asked: "next" })).toEqual([
    { property: "asked", reason: "asked is a rotation such as 4 or 4 done" },
  ]);
});

test("an import keeps the moment of secrets that are there already, and refuses what is none", async () => {
  expect(await provider.read("2026-11-22T03:04:05Z", undefined)).toEqual({ id: state.startedAt, props: state });
  await expect(provider.read("yesterday", undefined)).rejects.toThrow('"yesterday" is no moment in UTC');
});
