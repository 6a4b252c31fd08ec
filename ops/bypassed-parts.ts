import { parseArgs } from "node:util";
import { differenceOf } from "./sdk-parts/difference";
import { acceptParts, changedParts, changedPartText, checkout, readParts } from "./sdk-parts/parts";

const usage = `npm run bypassed-parts [-- --accept]

Compares the parts of Microsoft's SDK that the bot does without, or leans on closely, with what they were when somebody read
them: docs/bypassed-sdk-parts.md lists them. Shows what changed, against the version that was read, from npm's registry.

--accept  you have read the parts as they are installed, and the bot still fits: writes them into bot/bypassed-sdk-parts.json

Ends with 0 where nothing changed, with 2 where something did.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { accept: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const parts = await readParts(checkout);
  const changed = await changedParts(parts, checkout);
  for (const one of changed) {
    process.stdout.write(`${changedPartText(one)}\n`);
    const difference = values.accept ? undefined : await differenceOf(one);
    if (difference !== undefined) process.stdout.write(`\n${difference}\n`);
  }
  const gone = changed.filter(({ content }) => content === undefined);
  if (values.accept) {
    await acceptParts(parts, checkout);
    process.stdout.write(
      `${changed.length - gone.length} parts are written as read: npm run docs writes the document.\n`,
    );
    return gone.length > 0 ? 2 : 0;
  }
  if (changed.length === 0) {
    process.stdout.write(`${parts.length} parts are what was read.\n`);
    return 0;
  }
  process.stdout.write(
    `${changed.length} of ${parts.length} parts changed. Look whether the bot still has to do without them, and whether it still fits; then npm run bypassed-parts -- --accept.\n`,
  );
  return 2;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
