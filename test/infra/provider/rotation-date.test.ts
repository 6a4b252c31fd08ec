import { rotationDate } from "../../../infra/provider/rotation-date";

const provider = rotationDate(() => new Date("2026-11-22T03:04:05.678Z"));
const state = { renewed: "never", startedAt: "2026-11-22T03:04:05Z" };

test("the moment is taken once: no secret is renewed by deploying again", async () => {
  expect(await provider.create({ renewed: "never" })).toEqual({ id: "2026-11-22T03:04:05Z", outs: state });
  expect(await provider.diff(state.startedAt, state, { renewed: "never" })).toEqual({ changes: false, replaces: [] });
  expect(await provider.read(state.startedAt, state)).toEqual({ id: state.startedAt, props: state });
});

test("another text takes it anew", async () => {
  const diff = await provider.diff(state.startedAt, state, { renewed: "2027-01-15" });
  expect(diff).toEqual({ changes: true, replaces: ["renewed"] });
});

test("an import keeps the moment of secrets that are there already, and refuses what is none", async () => {
  expect(await provider.read("2026-11-22T03:04:05Z", undefined)).toEqual({ id: state.startedAt, props: state });
  await expect(provider.read("yesterday", undefined)).rejects.toThrow('"yesterday" is no moment in UTC');
});
