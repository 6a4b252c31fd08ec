import { parseArgs } from "node:util";
import { toldError } from "../../local/told-error";

const parse = (args: string[]): unknown => {
  try {
    return parseArgs({ args, options: { data: { type: "string" } } });
  } catch (error) {
    return toldError(error, "It takes --data <folder>.", ["data"]);
  }
};

test.each([
  [["--dta", "x"], "Unknown option '--dta'. Did you mean --data? It takes --data <folder>."],
  [["--proxy"], "Unknown option '--proxy'. It takes --data <folder>."],
  [["--data"], "Option '--data <value>' argument missing. It takes --data <folder>."],
  [["folder"], "Unexpected argument 'folder'. It takes --data <folder>."],
])("%j is one sentence, and what the command takes another", (args, told) => expect(parse(args)).toBe(told));

test("any other error is its own words, without its class", () => {
  expect(toldError(new TypeError("the port is taken"), "")).toBe("the port is taken");
  expect(toldError("a text", "")).toBe("a text");
});
