import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./deployed";

export const runbookText = readFileSync(join(root, "docs/runbook.md"), "utf8");

/** What a person typed: a tool, what it was told, and what it was given to read. */
export interface Command {
  readonly tool: "az" | "gh";
  readonly args: readonly string[];
  readonly input: string;
}

/** The text under a heading, down to the next one of any level. */
export function section(title: string): string {
  const found = new RegExp(`^#+ ${title}\n([^]*?)(?=^#{1,4} |(?![^]))`, "m").exec(runbookText)?.[1];
  if (found === undefined) throw new Error(`The runbook has no section ${title}`);
  return found;
}

/** The blocks of commands in a text; those that only give variables example values are left out. */
export function blocks(text: string): string[] {
  return [...text.matchAll(/^```\n([^]*?)^```$/gm)]
    .map(([, block]) => block!)
    .filter((block) => !/^([A-Z_]+=('[^']*'|\S+) ?)+\n$/.test(block));
}

/** The rows of the only table in a text, each by its columns' titles. */
export function table(text: string): Record<string, string>[] {
  const [titles = [], , ...rows] = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [titles[at]!, cell])));
}

/** Ends a word of a command, and a command: neither is ever in one. */
const [endOfWord, endOfCommand] = ["\x1f", "\x1e"];

/** Notes what it is asked, and answers what the commands after it read. */
const standIn = `#!/usr/bin/env bash
tool=$(basename "$0"); input=
case " $* " in *" --input - "*) input=$(cat) ;; esac
{ printf '%s\\x1f' "$tool" "$input" "$@"; printf '\\x1e'; } >> "$COMMANDS"
case "$tool $*" in
  "az ad app create "*) echo "app of $ENVIRONMENT" | tr ' ' - ;;
  "az ad sp create "*) echo "principal of $ENVIRONMENT" | tr ' ' - ;;
  "az ad signed-in-user show "*) echo me ;;
  "az account show --query tenantId "*) echo tenant ;;
  "az keyvault show "*) echo "$VAULT_ID" ;;
  # What --jq gives: the field, else the text after //.
  "gh api repos/"*"/actions/oidc/customization/sub "*) echo "\${SUB_CLAIM_PREFIX:-$(sed 's/.*"\\(.*\\)".*/\\1/' <<< "\${!#}")}" ;;
esac
`;

/** Has bash run blocks of the runbook one after the other, as a person types them, and tells what they asked for. */
export function typed(script: readonly string[], variables: Readonly<Record<string, string>>): Command[] {
  const folder = mkdtempSync(join(tmpdir(), "runbook-test-"));
  try {
    for (const tool of ["az", "gh"]) {
      writeFileSync(join(folder, tool), standIn);
      chmodSync(join(folder, tool), 0o755);
    }
    const noted = join(folder, "commands");
    writeFileSync(noted, "");
    const { status, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", script.join("\n")], {
      cwd: folder,
      encoding: "utf8",
      env: { ...variables, PATH: `${folder}${delimiter}${process.env.PATH}`, COMMANDS: noted },
    });
    if (status !== 0) throw new Error(`bash ended with ${status}: ${stderr}`);
    const commands = readFileSync(noted, "utf8").split(endOfCommand).filter(Boolean);
    return commands.map((one) => {
      const [tool, input = "", ...args] = one.split(endOfWord).slice(0, -1);
      return { tool: tool as Command["tool"], input, args };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The value behind an option: `--scope`. */
export function option({ args }: Command, name: string): string {
  const at = args.indexOf(name);
  if (at < 0) throw new Error(`${args.join(" ")} has no ${name}`);
  return args[at + 1]!;
}

/** Commands that begin so: `az role assignment create`. */
export function those(commands: readonly Command[], beginning: string): Command[] {
  return commands.filter(({ tool, args }) => `${[tool, ...args].join(" ")} `.startsWith(`${beginning} `));
}
