import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../../ops/adopt";
import { nextCommands } from "../../../ops/adopt/report";
import { readArguments } from "../../../cli/arguments";

const text = readFileSync(join(__dirname, "../../../docs/adopt.md"), "utf8");

test("the document names the commands that the command itself names, in their order", () => {
  const [, block = ""] = /```\n([\s\S]*?)```/.exec(text)!;
  const [first = "", ...others] = block.trim().split("\n");
  expect(others).toEqual(nextCommands("prod"));
  const id = "/subscriptions/x/resourceGroups/y/providers/Microsoft.BotService/botServices/z";
  const typed = first.replace("npm run adopt -- ", "").replace("<bot's ARM resource id>", id).split(" ");
  expect(readArguments(command, typed)).toMatchObject({ operands: [id], values: { stack: "prod" } });
});

test("the options that it speaks of are the command's", () => {
  const named = [...text.matchAll(/`--([a-z]+)/g)].map(([, option]) => option!);
  expect(named.length).toBeGreaterThan(2);
  for (const option of named) expect(Object.keys(command.options)).toContain(option);
});
