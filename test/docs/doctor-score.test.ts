import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seeds } from "../doctor/seeds";
import { shapes } from "../doctor/set-ups";
import { root } from "../support/deployed";

const text = readFileSync(join(root, "docs/doctor-score.md"), "utf8");
const rowsBelow = (heading: string): string[][] =>
  text
    .split(`\n## ${heading}\n`)[1]!
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1)
    .map((line) => line.slice(2, -2).split(" | "));

test("the report tells of every fault that is made, and counts those that were named", () => {
  const inOrder = shapes.flatMap(({ name }) => seeds.filter(({ setUp }) => setUp === name));
  const rows = rowsBelow("Faults");
  expect(rows.map((cells) => cells.slice(0, 3))).toEqual(
    inOrder.map(({ setUp, says, code }) => [setUp, says, `\`${code}\``]),
  );
  const named = rows.filter(([, , , ours]) => ours === "named").length;
  expect(text).toContain(`**${named} of ${seeds.length} faults named with the right fix, `);
});

test("and of every healthy set-up, in which nothing was found", () => {
  expect(rowsBelow("Healthy set-ups").map((cells) => cells.slice(0, 3))).toEqual(
    shapes.map(({ name, says }) => [name, says, "nothing"]),
  );
});
