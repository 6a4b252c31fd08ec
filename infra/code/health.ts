import { minute } from "../../contract/time";
import type { Build, Health, HealthCheck, SecretsInUse } from "../../contract/app-settings";
import { type Access, until } from "../azure/access";
import { AzureCallError } from "../azure/azure-call-error";
import { caught, exchange, NoAnswer, objectIn } from "../azure/exchange";

/** A container may take 230 s to start, and before it does the old code answers. */
const reportsWithin = 6 * minute;
/** New code that is unwell gets the time that a role or a service principal usually takes to arrive everywhere. */
const wellWithin = 2 * minute;

/** What a look at the health page showed. */
export type Look =
  | {
      readonly found: "health";
      readonly health: Health;
      /** The app's own time; undefined where its answer carries none. */
      readonly date?: Date | undefined;
    }
  | { readonly found: "other"; readonly status: number }
  | { readonly found: "no answer"; readonly why: string };

/**
 * Reads the app's health page once. An unwell app answers 503 with the same page.
 * @param within milliseconds for its answer
 */
export async function lookAt(access: Pick<Access, "fetch">, healthUrl: string, within = 20_000): Promise<Look> {
  const request: RequestInit = { redirect: "manual", headers: { accept: "application/json" } };
  const answer = await exchange(access, healthUrl, within, request).catch(caught);
  if (answer instanceof NoAnswer) return { found: "no answer", why: answer.message };
  const body: Partial<Health> = objectIn(answer.text) ?? {};
  const { build, checks } = body;
  if (!isBuild(build) || !Array.isArray(checks)) return { found: "other", status: answer.status };
  const date = new Date(answer.headers.get("date") ?? Number.NaN);
  return { found: "health", health: body as Health, date: Number.isNaN(date.getTime()) ? undefined : date };
}

function isBuild(build: Partial<Build> | undefined): build is Build {
  return typeof build?.hash === "string";
}

/** Whether the running app is this code, well or not. */
export function runs(look: Look, hash: string): boolean {
  return look.found === "health" && look.health.build.hash === hash;
}

/**
 * Waits until the app itself reports this code, well or not: what it needs may still be in the making.
 * @throws AzureCallError with what the page said last
 */
export async function arrived(access: Access, healthUrl: string, hash: string): Promise<void> {
  let last: Look = { found: "no answer", why: "not asked yet" };
  const there = await until(
    access,
    reportsWithin,
    async () => {
      last = await lookAt(access, healthUrl);
      return runs(last, hash) ? true : undefined;
    },
    150,
  );
  if (!there) throw judgement(healthUrl, hash, last);
}

/**
 * Waits until the app itself reports this code and that it is well: the last judge of a deployment. First look at once,
 * the next after 150 ms, then slower.
 * @param hash of the code that was pushed
 * @param rotation whose secrets it has to use; any where it is undefined
 * @throws AzureCallError with what the page said last: other code, or the unwell checks and their fixes
 */
export async function reportsHash(access: Access, healthUrl: string, hash: string, rotation?: number): Promise<Health> {
  let last: Look = { found: "no answer", why: "not asked yet" };
  let arrived: number | undefined;
  const settled = await until(
    access,
    reportsWithin,
    async () => {
      last = await lookAt(access, healthUrl);
      if (last.found !== "health" || last.health.build.hash !== hash) return undefined;
      if (last.health.status === "well" && usesRotation(last.health, rotation)) return last.health;
      arrived ??= access.now();
      return access.now() - arrived >= wellWithin ? null : undefined;
    },
    150,
  );
  if (settled) return settled;
  throw judgement(healthUrl, hash, last, rotation);
}

/**
 * Whether the bot has the secrets of a rotation, and uses the newest: one that Entra does not take yet it leaves aside. A bot
 * that was brought may have a page that says nothing of this.
 */
function usesRotation({ secrets }: Health, rotation: number | undefined): boolean {
  if (rotation === undefined || secrets === undefined) return true;
  const { password, certificate } = secrets;
  return secrets.rotation === rotation && password !== "before" && (!certificate || isProved(certificate));
}

/** Nobody but the running bot can use a certificate's key, so the proof is its own. */
function isProved({ taken, provenAt }: NonNullable<SecretsInUse["certificate"]>): boolean {
  return taken !== "before" && provenAt !== undefined;
}

function judgement(healthUrl: string, hash: string, last: Look, rotation?: number): AzureCallError {
  const logs = "See the app's log (az webapp log tail, or Log stream in the portal)";
  switch (last.found) {
    case "no answer":
      return new AzureCallError("app-silent", healthUrl, `the app does not answer: ${last.why}`, `${logs}.`);
    case "other":
      return new AzureCallError(
        "app-silent",
        healthUrl,
        `the app answers ${last.status} without a health page`,
        `${logs}.`,
      );
    case "health": {
      const { build, checks } = last.health;
      if (build.hash !== hash) {
        const cause = `the app runs code ${build.hash.slice(0, 12)}, pushed was ${hash.slice(0, 12)}`;
        return new AzureCallError("old-code-running", healthUrl, cause, "Restart the app, then deploy again.");
      }
      if (last.health.status === "well" && !usesRotation(last.health, rotation)) {
        const { secrets } = last.health;
        const seen =
          secrets?.rotation === rotation
            ? "the bot uses the password or the certificate of the rotation before: Entra ID refuses it the newest"
            : `the bot runs with the secrets of rotation ${secrets?.rotation}, wanted ${rotation}`;
        return new AzureCallError("old-secrets-in-use", healthUrl, seen, "Restart the app, then deploy again.");
      }
      const unwell = checks.filter((check: HealthCheck) => !check.ok);
      const names = [...new Set(unwell.map(({ name }) => name))].join(", ") || "no check named";
      const fixes = unwell.map(({ name, fix }) => `${name}: ${fix ?? "see its log"}`).join(" ");
      return new AzureCallError(
        "app-unwell",
        healthUrl,
        `the new code runs and is unwell (${names})`,
        fixes || `${logs}.`,
      );
    }
  }
}
