import "../local/node-version";
import { resolve } from "node:path";
import { beforeRows } from "./before";
import { botStartRow } from "./bot-start";
import { bundleSizeRow } from "./bundle-size";
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
  previews: () => previewsRow(),
  "preview-calls": () => previewCallsRow(),
  turns: () => turnsRow(root),
  "turn-calls": () => turnCallsRow(root),
  soak: () => soakRow(),
};

/** `npm run bench`: a row for each figure, ours beside its rival's in the same run. `-- size start` runs only those. SOAK_MINUTES is how long `soak` goes on, 10 unless set; TURNS_PROFILES a folder for the profiles of `turns`. */
async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length) {
    throw new Error(`There is no figure called ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}`);
  }
  for (const [name, bench] of Object.entries(benches)) {
    if (asked.length && !asked.includes(name)) continue;
    for (const { name: figure, ours, rival, ratio, note } of [await bench()].flat()) {
      const parts = [ours, rival && `against ${rival}`, ratio !== undefined && `ratio ${ratio.toFixed(2)}`, note];
      process.stdout.write(`${figure}: ${parts.filter(Boolean).join("; ")}\n`);
    }
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
