import { talksOf } from "../../../local/page/talk";
import type { Arrow } from "../../../local/page/ten-steps";

const web = { id: "web", name: "Web chat" };
const ada = { id: "ada", name: "Teams, Ada Lindgren" };

let number = 0;
const shows = (steps: readonly number[], more: Partial<Arrow> = {}): Arrow => ({
  number: ++number,
  from: "User",
  to: "Bot",
  steps,
  method: "GET",
  path: "/",
  status: 200,
  milliseconds: 1,
  refused: false,
  ...more,
});
const refused = { refused: true } as const;
const says = (conversation = web): Arrow[] => [shows([1], { conversation }), shows([2], { conversation })];
const card = [shows([3, 4]), shows([6]), shows([5, 7], { conversation: web })];
const signsIn = [shows([8]), shows([8]), shows([9]), shows([9])];

/** A list in short: a digit where a step is done, `!` where it was refused, `.` where it is open. */
const short = (talk: { steps: readonly { state: string }[] }): string =>
  talk.steps.map(({ state }, at) => (state === "done" ? String((at + 1) % 10) : state === "open" ? "." : "!")).join("");

test.each<[string, readonly Arrow[], string]>([
  ["nothing was said", [], ".........."],
  ["a sign-in from end to end", [...says(), ...card, ...signsIn, shows([10])], "1234567890"],
  ["the next request begins anew", [...says(), ...card, ...signsIn, shows([10]), ...says(), shows([3])], "123......."],
  ["also where only its delivery is seen yet", [...says(), ...card, shows([2], { conversation: web })], ".2........"],
  ["a message of Teams, seen when it is delivered", [...says(), ...card, shows([1, 2])], "12........"],
  ["a failed step stops the later ones", [...says(), shows([3], refused), shows([5, 7]), shows([10])], "12!......."],
  ["it takes back what came after it", [...says(), ...card, shows([8], refused), shows([9])], "1234567!.."],
  ["until it is done", [...says(), ...card, shows([9], refused), ...signsIn, shows([10])], "1234567890"],
  ["what comes before it may be done again", [...says(), ...card, shows([9], refused), shows([8])], "12345678!."],
  ["of several steps in one answer the first failed", [...says(), shows([3, 4, 6], refused)], "12!......."],
  ["what belongs to no step changes nothing", [...says(), shows([], { ...refused, conversation: ada })], "12........"],
])("the ten steps: %s", (_, arrows, expected) => {
  expect(short(talksOf(arrows).newest)).toBe(expected);
});

test("each conversation has a list of its own, and the newest is the one that was spoken in last", () => {
  const { talks, newest } = talksOf([...says(web), ...card, ...says(ada), shows([3]), ...says(web)]);
  expect(talks.map((talk) => [talk.name, short(talk)])).toEqual([
    ["Web chat", "12........"],
    ["Teams, Ada Lindgren", "123......."],
  ]);
  expect(newest.id).toBe("web");
});

test("names that are alike are numbered; a service is named with its step", () => {
  const again = { id: "other", name: "Web chat" };
  const { talks, newest } = talksOf([...says(web), ...says(again), shows([10], { at: "GitHub API" })]);
  expect(talks.map(({ name }) => name)).toEqual(["Web chat", "Web chat (2)"]);
  expect(newest.steps[9]).toEqual({ state: "done", at: "GitHub API" });
});
