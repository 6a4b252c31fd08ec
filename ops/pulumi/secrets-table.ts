import { daysLeft } from "../../infra/deployment/secret-life";
import type { Look } from "../../infra/code/health";
import type { StackSecret } from "./stack-secrets";

/** The secrets as lines for the terminal; the component's column only where there are several. */
export function secretsTable(secrets: readonly StackSecret[], now: Date): string[] {
  const several = new Set(secrets.map(({ component }) => component)).size > 1;
  const rows = secrets.map(({ component, name, rotation, state, ends, lastProof }) => [
    ...(several ? [component] : []),
    name,
    rotation === undefined ? "-" : String(rotation),
    state,
    `${ends} (${inDays(ends, now)})`,
    lastProof ?? "-",
  ]);
  const head = [...(several ? ["COMPONENT"] : []), "SECRET", "ROTATION", "STATE", "ENDS", "LAST PROOF"];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join("  ")
      .trimEnd(),
  );
}

function inDays(ends: string, now: Date): string {
  const left = daysLeft(ends, now);
  return left < 0 ? "ended" : `in ${left} d`;
}

/** What the running bot itself says of its secrets, in a sentence. */
export function runningText(look: Look, rotation: number): string {
  if (look.found === "no answer") return `The bot does not answer: ${look.why}.`;
  if (look.found === "other") return `The bot answers ${look.status} without a health page.`;
  const { secrets } = look.health;
  if (!secrets) return "The bot's health page says nothing of its secrets.";
  const { password, certificate } = secrets;
  const taken = takenText(password, "password") ?? takenText(certificate?.taken, "certificate");
  const late = secrets.rotation === rotation ? "" : `; the state is at rotation ${rotation}`;
  return `The running bot uses the secrets of rotation ${secrets.rotation}${taken ?? ""}${late}.`;
}

function takenText(taken: "newest" | "before" | undefined, what: string): string | undefined {
  return taken && ` and the ${taken === "newest" ? `newest ${what}` : `${what} before`}`;
}

/** What to do about secrets that are near their end; undefined while there is time. */
export function endWarning(secrets: readonly StackSecret[], stack: string): string | undefined {
  const near = secrets.filter(({ nearEnd }) => nearEnd);
  if (near.length === 0) return undefined;
  const first = near.reduce((one, other) => (one.ends <= other.ends ? one : other));
  const given = near.filter(({ rotation }) => rotation === undefined).map(({ name }) => name);
  return (
    `${near.length === 1 ? "1 secret is" : `${near.length} secrets are`} near the end, the first, ${first.name}, on ` +
    `${first.ends}. Rotate: npm run rotate -- ${stack}` +
    (given.length > 0 ? `. You gave ${given.join(", ")}: renew what it opens where it was made.` : "")
  );
}
