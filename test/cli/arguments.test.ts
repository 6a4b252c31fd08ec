import { readArguments, wholeNumber } from "../../cli/arguments";
import { type Command, jsonOption } from "../../cli/command";

const command = {
  typed: "npm run look --",
  takes: "<stack>",
  describes: "Looks.",
  options: {
    json: jsonOption,
    output: { type: "string", value: "<zip>", does: "where to" },
    pack: { type: "string", value: "<folder>", does: "which", multiple: true },
  },
  examples: ["npm run look -- dev"],
  ends: { done: "it looked" },
} as const satisfies Command;

const read = (...args: string[]): unknown => readArguments(command, args);

test("what was typed is read wherever the options stand, and each value of one that may be given more than once", () => {
  expect(read("--pack", "a", "dev", "--json", "--output=--x.zip", "--pack=b")).toEqual({
    values: { json: true, output: "--x.zip", pack: ["a", "b"] },
    operands: ["dev"],
  });
  expect(read("dev", "--jsn", "--help")).toBeUndefined();
});

test.each([
  [["dev", "--jsno"], "unknown-option", "npm run look has no option --jsno. Did you mean --json?"],
  [
    ["dev", "--stack"],
    "unknown-option",
    "npm run look has no option --stack. It takes --json, --output, --pack, --help",
  ],
  [["dev", "-j"], "unknown-option", "npm run look has no option -j. It takes --json, --output, --pack, --help"],
  [["dev", "--constructor"], "unknown-option", expect.stringContaining("has no option --constructor. ") as string],
  [["dev", "--output"], "wrong-value", "--output wants a value: --output <zip>"],
  [["dev", "--output", "--json"], "wrong-value", "--output wants a value: --output <zip>"],
  [["dev", "--json=no"], "wrong-value", '--json takes no value, and "no" was given'],
  [["dev", "prod"], "too-many", "npm run look takes one stack, and was given dev prod"],
  [[], "nothing-named", "npm run look -- wants <stack>"],
  [["", "--json"], "nothing-named", "npm run look -- wants <stack>"],
  [[" "], "nothing-named", "npm run look -- wants <stack>"],
])("%j is refused: %s", (args, code, message) => {
  expect(() => read(...args)).toThrow(expect.objectContaining({ code, message }) as Error);
});

test.each(["", "x", "1.5", "-1", "91"])("%j is no whole number of days up to 90", (text) => {
  expect(() => wholeNumber("within", text, 0, 90)).toThrow(
    `--within is "${text}". Allowed: a whole number from 0 to 90`,
  );
  expect(wholeNumber("within", "90", 0, 90)).toBe(90);
});
