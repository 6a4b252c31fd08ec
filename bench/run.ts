import "../local/node-version";
import { resolve } from "node:path";
import { commandNamed } from "../cli/arguments";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { beforeRows } from "./before";
import { botStartRow } from "./bot-start";
import { bundleSizeRow } from "./bundle-size";
import { looksRows } from "./looks";
import { memoryRow } from "./memory";
import { previewCallsRow } from "./preview-calls";
import { previewsRow } from "./previews";
import type { Row } from "./row";
import { soakRow } from "./soak";
import { startRow } from "./start";
import { turnCallsRow } from "./turn-calls";
import { turnsRow } from "./turns";
import { upTimeRow } from "./up-time";

const root = resolve(__dirname, "..");
const benches: Readonly<Record<string, () => Promise<Row | readonly Row[]>>> = {
  size: () => bundleSizeRow(root),
  "bot-start": () => botStartRow(root),
  start: () => startRow(root),
  memory: () => memoryRow(),
  up: () => upTimeRow(),
  before: () => beforeRows(root),
  looks: () => looksRows(),
  previews: () => previewsRow(),
  "preview-calls": () => previewCallsRow(),
  turns: () => turnsRow(root),
  "turn-calls": () => turnCallsRow(root),
  soak: () => soakRow(),
};

export const command = {
  typed: "npm run bench --",
  takes: "[<figure>...]",
  describes: `
Measures size and speed: a row for each figure, ours beside its rival's in the same run.

Figures: ${Object.keys(benches).join(", ")}.
SOAK_MINUTES is how long \`soak\` goes on (10); TURNS_PROFILES a folder for the profiles of \`turns\`.`,
  options: { json: jsonOption },
  examples: ["npm run bench", "npm run bench -- size start"],
  ends: { done: "all is measured" },
} as const satisfies Command;

runIfMain(module, command, async ({ operands }, { say, json, result }) => {
  const names = Object.keys(benches);
  const asked = operands.map((word) => commandNamed(command.typed, word, names, "figure"));
  const rows: Row[] = [];
  for (const name of asked.length ? asked : names) {
    const measured = [await benches[name]!()].flat();
    rows.push(...measured);
    for (const { name: figure, ours, rival, ratio, note } of measured) {
      const parts = [ours, rival && `against ${rival}`, ratio !== undefined && `ratio ${ratio.toFixed(2)}`, note];
      say(`${figure}: ${parts.filter(Boolean).join("; ")}`);
    }
  }
  if (json) result(rows, "");
  // What a figure has started and not ended ends with it.
  process.exit(0);
});
