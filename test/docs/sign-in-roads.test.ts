import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cellOf, channelNames, providerNames, roads } from "../../ops/docs/sign-in-roads";

const root = join(__dirname, "../..");
const cells = roads.flatMap((road) =>
  providerNames.flatMap((provider) =>
    channelNames.map((channel) => ({
      of: `${road.name}, ${provider}, ${channel}`,
      cell: cellOf(road, provider, channel),
    })),
  ),
);

test("every cell is driven, or shown by a test that is there, or says why there is none", () => {
  const faults = cells.flatMap(({ of, cell }) => {
    if (cell === "driven") return [];
    if ("none" in cell) return cell.none.length > 20 ? [] : [`${of}: no reason`];
    const found = readFileSync(join(root, "test", cell.file), "utf8").split(cell.words).length - 1;
    return found === 1 ? [] : [`${of}: ${found} times "${cell.words}" in ${cell.file}`];
  });
  expect(faults).toEqual([]);
});

test("no road is named twice, and each has a cell that a test shows", () => {
  expect(new Set(roads.map(({ name }) => name)).size).toBe(roads.length);
  for (const { name } of roads) {
    const shown = cells.filter(
      ({ of, cell }) => of.startsWith(`${name}, `) && !(typeof cell === "object" && "none" in cell),
    );
    expect([name, shown.length > 0]).toEqual([name, true]);
  }
});
