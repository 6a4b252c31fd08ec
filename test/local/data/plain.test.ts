import { fromPlain, toPlain } from "../../../local/data/plain";

test("state comes back as it was: maps, sets, dates, bytes, and names that look like a tag", () => {
  const state = {
    when: new Date("2026-11-22T04:00:00.123Z"),
    byName: new Map([["a", { owners: new Set(["x", "y"]), content: new Uint8Array([0, 1, 255]) }]]),
    odd: { $date: "not a date" },
    odder: { $object: { $map: 1 } },
    list: [1, null, "two", [true]],
    nothing: null,
  };
  expect(fromPlain(JSON.parse(JSON.stringify(toPlain(state))))).toEqual(state);
});

test("what is undefined is left out, and what JSON cannot hold is refused rather than lost", () => {
  expect(toPlain({ here: 1, gone: undefined })).toEqual({ here: 1 });
  expect(() => toPlain({ act: () => 1 })).toThrow("a function cannot be kept");
});
