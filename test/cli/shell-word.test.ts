import { execFileSync } from "node:child_process";
import { shellWord } from "../../cli/shell-word";

test.each(["/home/ada/azure", "/home/Ada's files/$HOME `id`", "a;b", "", "*", "~", "line\nend", 'a"b\\'])(
  "a shell reads %j back as it was",
  (text) => {
    expect(execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  },
);

test("what needs no quotes has none: the lines that people paste stay readable", () => {
  expect(shellWord("http://127.0.0.1:4321")).toBe("http://127.0.0.1:4321");
});
