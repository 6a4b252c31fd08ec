import { catalogues } from "../../contract/known-errors/catalogues";
import { causeFor, fixFor, type KnownError } from "../../contract/known-errors/known-error";

/** A name in angle brackets would vanish, save in code. */
const text = (words: string): string => words.replaceAll("<", "&lt;").replaceAll("*", "\\*");
/** What a refusal without a code is known by stands in the heading. */
const codesOf = ({ codes }: KnownError): string =>
  codes.length > 0 ? `${codes.map((code) => `\`${code}\``).join(", ")}: ` : "";

function entry(error: KnownError): string {
  const { id, user, mistake, source } = error;
  const lines = [
    `### ${id}`,
    "",
    `${codesOf(error)}${text(causeFor(error, "", {}))}.`,
    "",
    `Fix: ${text(fixFor(error))}`,
    ...(user ? ["", `The user reads: ${text(user)}`] : []),
    "",
    `[Source](${source})${mistake === undefined ? "" : `, and number ${mistake} of [the known mistakes](known-mistakes.md)`}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** docs/known-errors.md, made of the catalogues. */
export function knownErrorsAsMarkdown(): string {
  const all = catalogues.flatMap(({ errors }) => errors);
  const index = all
    .flatMap((error) => error.codes.map((code) => [code, error.id] as const))
    .sort(([one], [other]) => one.localeCompare(other));
  const byCode = new Map<string, string[]>();
  for (const [code, id] of index) byCode.set(code, [...(byCode.get(code) ?? []), `[${id}](#${id})`]);
  const sections = catalogues.map(
    ({ by, seen, errors }) => `## ${by}\n\nRead ${seen}.\n\n${errors.map(entry).join("\n")}`,
  );
  return `# Known errors

What Azure, Entra and the services around a bot refuse, why, and what to do: ${all.length} of them. The program, the bot, the
commands and the local page say the same words, because they read the same list. What is not in it is told in the service's
own words; nobody guesses a fix from a status. Made by \`npm run docs\` from [contract/known-errors](../contract/known-errors).

Mistakes that Azure takes without a word are among [the known mistakes](known-mistakes.md).

${sections.join("\n")}
## By code

${[...byCode].map(([code, ids]) => `- \`${code}\`: ${ids.join(", ")}`).join("\n")}
`;
}
