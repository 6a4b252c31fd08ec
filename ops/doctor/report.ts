import { shortId } from "../../infra/azure/arm";
import { type Paint, plain } from "../../cli/paint";
import { groups } from "./checks/check";
import type { Diagnosis } from "./diagnosis";

/** What was found, for programs. */
export function document({ bot, findings, notChecked, signedIn }: Diagnosis, stack: string | undefined): object {
  return { ...(stack === undefined ? {} : { stack }), bot, findings, notChecked, ...(signedIn ? { signedIn } : {}) };
}

/** What was found, as people read it: grouped by where they look for it, each with the fix. */
export function reportText(
  { bot, findings, notChecked, signedIn }: Diagnosis,
  stack: string | undefined,
  paint: Paint = plain,
): string {
  const name = stack ?? bot.split("/").at(-1)!;
  const lines = groups.flatMap((group) => {
    const here = findings.filter((finding) => finding.group === group);
    if (here.length === 0) return [];
    return [
      paint("strong", group),
      ...here.flatMap(({ code, what, where, evidence, fix, mendedByUp }) => [
        `  ${paint("bad", code)}  ${what}.`,
        `      where:    ${shortId(where)}`,
        `      evidence: ${evidence}`,
        `      fix:      ${paint("good", fix)}${mendedByUp ? " (pulumi up mends it)" : ""}`,
      ]),
      "",
    ];
  });
  const unseen =
    notChecked.length === 0
      ? []
      : [
          paint("strong", "Not checked"),
          ...notChecked.flatMap(({ what, where, because }) => [
            `  ${paint("warning", what)}`,
            `      where:    ${shortId(where)}`,
            `      because:  ${because}`,
          ]),
          "",
        ];
  const answer =
    signedIn === undefined
      ? []
      : [paint("strong", "After the sign-in the bot said"), ...signedIn.map((text) => `  ${text}`), ""];
  const more = notChecked.length === 0 ? "" : `; ${notChecked.length} not checked`;
  const end =
    findings.length === 0
      ? paint("good", `${name}: nothing is wrong`) + more
      : `${name}: ${findings.length === 1 ? "1 thing is" : `${findings.length} things are`} wrong${more}`;
  return [...lines, ...unseen, ...answer, `${end}.`].join("\n");
}
