import { AzureCallError } from "../../infra/azure/azure-call-error";
import { type Meaning, type Paint, plain } from "../../cli/paint";
import { deploying } from "../pulumi/deploying";

/** One right or registration that a deployment needs, and whether it is there. */
export interface Finding {
  /** What is needed, as a person would say it. */
  readonly what: string;
  readonly state: "held" | "missing" | "unsure";
  /** Through what it is held, or why that is not known: `Contributor`. */
  readonly because?: string;
  /** The command that fixes it, where something is missing. */
  readonly fix?: string;
}

/** Why something is not known, as a finding's reason. Throws what is no refusal of Azure's. */
export function unreadable(what: string, error: unknown): string {
  if (!(error instanceof AzureCallError)) throw error;
  const { status, cause, code } = error;
  return status === 401 || status === 403 ? `you may not read ${what}` : `${what} cannot be read: ${cause} [${code}]`;
}

/** What a look found; where Azure does not tell, that. Only the rights of the deployer make the rest of a preflight worthless. */
export async function foundBy(what: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  return look().catch((error: unknown) => [{ what, state: "unsure", because: unreadable("it", error) }]);
}

const words = { held: "ok      ", missing: "MISSING ", unsure: "unsure  " } as const;
const meanings: Readonly<Record<Finding["state"], Meaning>> = { held: "good", missing: "bad", unsure: "warning" };

/** The findings as lines for the terminal, and in the end how many are missing. */
export function report(stack: string, findings: readonly Finding[], paint: Paint = plain): string {
  const lines = findings.flatMap(({ what, state, because, fix }) => [
    `${paint(meanings[state], words[state])} ${what}${because ? ` (${because})` : ""}`,
    ...(fix && state !== "held" ? [`           ${fix}`] : []),
  ]);
  const missing = findings.filter(({ state }) => state === "missing").length;
  const end =
    missing === 0
      ? `${stack}: nothing is missing. Next: ${deploying(stack)}`
      : `${stack}: ${missing} of ${findings.length} missing; nothing was created. The commands above fix it.`;
  return [...lines, end].join("\n");
}

/** The same for programs. */
export function document(stack: string, environment: string, findings: readonly Finding[]): object {
  return {
    stack,
    environment,
    missing: findings.filter(({ state }) => state === "missing").length,
    findings: findings.map(({ what, state, because, fix }) => ({ what, state, because, fix })),
  };
}
