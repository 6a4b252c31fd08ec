import type { Paint } from "../../cli/paint";
import type { Notes } from "./notes";
import type { Rebuild } from "./rebuild";
import { filesOf } from "./write";

/** The commands that bring an adoption about, in their order. */
export function nextCommands(stack: string): string[] {
  return [
    `npx pulumi stack select --create ${stack}`,
    `npx pulumi import --file ${filesOf(stack).imports} --generate-code=false --yes --stack ${stack}`,
    `npm run preflight -- ${stack}`,
    `npx pulumi preview --stack ${stack}`,
    `npx pulumi up --stack ${stack}`,
  ];
}

/** What an adoption comes to, for a terminal. */
export function adoptionText(
  {
    asked,
    notes,
    next,
    written,
  }: {
    /** What is typed after the command to have it written. */
    readonly asked: string;
    readonly notes: Notes;
    readonly next: readonly string[];
    readonly written: { readonly settings: string; readonly imports: string } | undefined;
  },
  paint: Paint,
): string {
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [paint("strong", title), ...lines.map((line) => `  ${line}`), ""];
  return [
    ...list("The stack's from now on (pulumi destroy deletes it; the setting protect forbids that):", notes.adopted),
    ...list("Used, and neither changed nor deleted:", notes.used),
    ...list("Written by the first pulumi up:", notes.written),
    ...list("Left as it is:", notes.leftOut),
    ...(written
      ? [
          `${paint("good", `Written: ${written.settings} and ${written.imports}.`)} Nothing was changed in Azure. Next:`,
          ...next.map((line) => `  ${line}`),
          "The preview has to show no replacement and no deletion. To let go again: docs/adopt.md.",
        ]
      : [`Nothing was written. To write settings and imports: npm run adopt -- ${asked}`]),
  ].join("\n");
}

/** The plan of a rebuild, for a terminal. */
export function rebuildText({ why, lost, steps }: Rebuild, paint: Paint): string {
  return [
    paint("warning", why),
    "",
    paint("strong", "What nobody can take along:"),
    ...lost.map((line) => `  ${line}`),
    "",
    paint("strong", "The order that loses least:"),
    ...steps.map((line, at) => `  ${at + 1}. ${line}`),
  ].join("\n");
}
