import { fixesOf, knownMistakes, seeded } from "../../contract/known-mistakes";

/** docs/known-mistakes.md, made of the list. */
export function knownMistakesAsMarkdown(): string {
  const rows = knownMistakes.map((mistake) => {
    const { number, seen, cause, told, refusal, here, test } = mistake;
    const refused = refusal ? ` (${refusal.by} answers ${refusal.status})` : "";
    const fix = fixesOf(mistake).map(cell).join("<br>");
    const tells = told ? ` *Told by: ${told}.*` : "";
    const name = test.split("/").at(-1);
    return `| ${number} | ${cell(seen)}${refused} | ${cell(cause)} | ${fix}${tells} | ${cell(here)} | [${name}](../test/${test}) |`;
  });
  return `# Known mistakes

What goes wrong when a bot's sign-in is set up on Azure, what one sees of it, what to do, and what this project does so
that it does not happen. Comments in the code refer to these numbers.

${seeded.length} of them are made on purpose by tests, the way a person makes them: Azure's refusal and who tells it are held to
what stands here. Made by \`npm run docs\` from [known-mistakes.ts](../contract/known-mistakes.ts).

| # | What one sees | Cause | Fix | Here | Test |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

/** A pipe would end the cell, and a name in angle brackets would vanish, save in code. */
function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
    .join("`");
}
