import { readTtl, spanText } from "../../../ops/preview/ttl";

const minute = 60_000;

test.each([
  ["30m", 30 * minute],
  ["72h", 72 * 60 * minute],
  ["3d", 72 * 60 * minute],
  ["30d", 720 * 60 * minute],
])("--ttl %s", (typed, milliseconds) => {
  expect(readTtl(typed)).toBe(milliseconds);
});

test.each(["", "0h", "72", "3 d", "31d", "721h", "-1h", "1w", "1.5h", "soon", "9999999m"])(
  "--ttl %j is refused: a preview that nobody meant to live so long would cost",
  (typed) => {
    expect(() => readTtl(typed)).toThrow(
      expect.objectContaining({
        code: "wrong-option",
        message: `--ttl ${JSON.stringify(typed)} is no time to live. Give minutes, hours or days, at most 30 days: --ttl 30m, --ttl 72h, --ttl 3d.`,
      }) as Error,
    );
  },
);

test.each([
  [-1, "0 min"],
  [59_999, "0 min"],
  [59 * minute, "59 min"],
  [60 * minute, "1 h"],
  [61 * minute, "1 h 1 min"],
  [24 * 60 * minute, "1 d"],
  [(71 * 60 + 59) * minute, "2 d 23 h"],
])("%i ms is read as %s", (milliseconds, text) => {
  expect(spanText(milliseconds)).toBe(text);
});
