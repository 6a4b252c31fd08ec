import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { differenceOf } from "./sdk-parts/difference";
import { acceptParts, changedParts, changedPartText, checkout, readParts } from "./sdk-parts/parts";

export const command = {
  typed: "npm run bypassed-parts --",
  takes: "",
  describes: `
Compares the parts of Microsoft's SDK that the bot does without, or leans on closely, with what they were when somebody read
them: docs/bypassed-sdk-parts.md lists them. Shows what changed, against the version that was read, from npm's registry.`,
  options: {
    accept: {
      type: "boolean",
      does: "you have read the parts as they are installed, and the bot still fits: writes them into bot/bypassed-sdk-parts.json",
    },
    json: jsonOption,
  },
  examples: ["npm run bypassed-parts", "npm run bypassed-parts -- --accept"],
  ends: { done: "nothing changed", found: "something did" },
} as const satisfies Command;

runIfMain(module, command, async ({ values }, { say, step, result, paint }) => {
  const parts = await readParts(checkout);
  const changed = await changedParts(parts, checkout);
  const finish = (text: string): void =>
    result(
      {
        parts: parts.length,
        changed: changed.map(({ part, installed, content }) => ({ ...part, installed, gone: content === undefined })),
        accepted: values.accept === true,
      },
      text,
    );
  for (const one of changed) {
    say(paint("warning", changedPartText(one)));
    step("Asking npm's registry for the version that was read.");
    const difference = values.accept ? undefined : await differenceOf(one);
    if (difference !== undefined) say(`\n${difference}`);
  }
  const gone = changed.filter(({ content }) => content === undefined);
  if (values.accept) {
    await acceptParts(parts, checkout);
    finish(`${changed.length - gone.length} parts are written as read: npm run docs writes the document.`);
    return gone.length > 0 ? "found" : "done";
  }
  if (changed.length === 0) {
    finish(`${parts.length} parts are what was read.`);
    return "done";
  }
  finish(
    `${changed.length} of ${parts.length} parts changed. Look whether the bot still has to do without them, and whether it still fits; then npm run bypassed-parts -- --accept.`,
  );
  return "found";
});
