import { askedIn, askingText, inPlace, isDue, type Rotation, rotated } from "../../../infra/deployment/rotation";

const first = "2026-01-01T00:00:00Z";
const at = "2026-06-01T00:00:00Z";
const state = (number: number, connections = number): Rotation => ({ number, connections, began: [first, first] });

test.each([
  ["4", { number: 4, done: false }],
  ["4 done", { number: 4, done: true }],
  ["0", { number: 0, done: false }],
  ["", undefined],
  ["04", undefined],
  ["4 Done", undefined],
  ["-1", undefined],
])("%j asks for %j", (text, asked) => {
  expect(askedIn(text)).toEqual(asked);
  if (asked) expect(askingText(asked)).toBe(text);
});

test.each([
  // what is, what is asked, whether there is anything to do
  [state(0), "1", true],
  [state(1), "1", false],
  [state(1), "1 done", false],
  [state(1, 0), "1 done", true],
  [state(1, 0), "1", false],
  [state(3), "1 done", false],
  [state(3), "", false],
])("%j, asked for %j: due %s", (now, asked, due) => {
  expect(isDue(now, askedIn(asked))).toBe(due);
});

test.each([
  ["the first rotation leaves the first place alone", state(0), "1", { number: 1, connections: 0, began: [first, at] }],
  [
    "the connections follow, and no secret is new",
    state(1, 0),
    "1 done",
    { number: 1, connections: 1, began: [first, first] },
  ],
  ["the second makes the first place anew", state(1), "2", { number: 2, connections: 1, began: [at, first] }],
  ["both steps at once", state(1), "2 done", { number: 2, connections: 2, began: [at, first] }],
  ["one at a time, whatever is asked", state(1), "9", { number: 2, connections: 1, began: [at, first] }],
  ["nothing is taken back", state(3), "2", state(3)],
])("%s", (_what, before, asked, after) => {
  expect(rotated(before, askedIn(asked)!, at)).toEqual(after);
});

test("a second rotation before the first is done is refused: it would delete the password that the connections use", () => {
  expect(() => rotated(state(2, 1), { number: 3, done: false }, at)).toThrow(
    new RangeError(
      "rotation 2 is not done: the connections use the password of rotation 1, which another one would delete; npm run rotate -- <stack> goes on with it",
    ),
  );
});

test("what is in use before a rotation is in use, or the one before, after it", () => {
  const secrets: [string, string] = ["a", "b"];
  for (let number = 0; number < 6; number += 1) {
    const used = inPlace(number, secrets);
    secrets[(number + 1) % 2] = `new ${number + 1}`;
    expect(inPlace(number, secrets)).toBe(used);
    expect(inPlace(number + 1, secrets)).toBe(`new ${number + 1}`);
  }
});
