import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { writeFiles } from "./files";
import type { LocalAzure } from "../../../local/azure/azure";

/** How one line of a session ended, and what it said to stderr where it failed. */
export interface Ended {
  readonly line: string;
  readonly status: number;
  readonly told: string;
}

/** Signs in to az: as the deployer, or as a person of the tenant. */
export type SignIn = "deployer" | "ada";

/** Answers what the runbook asks GitHub's own command line, which is no client of Azure. */
const gh = `#!/bin/sh\ncase "$*" in *customization/sub*) echo repo:contoso/mail-bot ;; *) cat > /dev/null ;; esac\n`;

/**
 * Runs lines one after the other in one bash, with the environment that `npm run azure` prints, as a person would in one
 * terminal. A line may set variables for those after it. A failed one ends nothing: each says how it ended.
 * @param began is told the folder in which the lines run, for what they write while they run
 */
export async function session(
  azure: LocalAzure,
  signIn: SignIn,
  lines: readonly string[],
  began: (folder: string) => void = () => undefined,
): Promise<Ended[]> {
  const folder = mkdtempSync(join(tmpdir(), "az-session-"));
  try {
    began(folder);
    writeFileSync(join(folder, "gh"), gh);
    chmodSync(join(folder, "gh"), 0o755);
    writeFiles(folder);
    const environment = await azure.toolEnvironment();
    const login =
      signIn === "deployer"
        ? 'az login --service-principal -u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID"'
        : `az login -u ada@contoso.example -p ${azure.tenant.password}`;
    const all = [login, ...lines];
    // The first command of a line that fails says how the line ended.
    const script = all.map(
      (line, at) =>
        `failed=0; { ${line}\n} > out 2> err < /dev/null\necho $failed > status.${at}; cat err out > err.${at}`,
    );
    writeFileSync(join(folder, "script"), `trap 'failed=$?' ERR\n${script.join("\n")}\n`);
    const env = {
      HOME: folder,
      ...environment,
      AZURE_CONFIG_DIR: join(folder, "az"),
      PATH: `${folder}${delimiter}${process.env.PATH}`,
    };
    await new Promise((done) => spawn("bash", ["script"], { cwd: folder, env, stdio: "ignore" }).once("exit", done));
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    return all.map((line, at) => {
      const status = Number(read(`status.${at}`));
      const told = read(`err.${at}`)
        .replace(/^WARNING.*\n/gm, "")
        .slice(-600);
      return { line, status, told: status === 0 ? "" : told };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines that ended otherwise than they should. */
export const failed = (ended: readonly Ended[]): Ended[] => ended.filter(({ status }) => status !== 0);
