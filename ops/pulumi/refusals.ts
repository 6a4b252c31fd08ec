import { directoryErrors } from "../../contract/known-errors/directory";
import { causeFor, fixFor, type KnownError, knownError } from "../../contract/known-errors/known-error";
import { pulumiErrors } from "../../contract/known-errors/pulumi";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { azureRefusal, errorsOf } from "../../infra/azure/refusal";
import { takingDown } from "../../infra/deployment/taking-down";
import { loginProblem, refusedLogin } from "../cli/login-problem";
import { OpsError, type OpsErrorCode } from "../cli/ops-error";
import { isLocked, locksIn, StackLocked } from "./lock";

/** A command of Pulumi's CLI that did not succeed. */
export interface PulumiFailure {
  /** Empty where it is about no one stack. */
  readonly stack: string;
  /** `stack export` */
  readonly command: string;
  /** What the CLI said; undefined where there is no CLI. */
  readonly said?: string;
}

/** Our own codes of what the catalogues know of Pulumi's CLI and of Azure; of the rest it is `pulumi-failed`. */
const codes: Readonly<Record<string, OpsErrorCode>> = {
  "state-place-role": "right-missing",
  "state-container-missing": "backend-missing",
  "state-account-missing": "backend-missing",
  "state-key-role": "right-missing",
  "state-key-missing": "backend-missing",
  "state-unreachable": "backend-missing",
  "state-signed-out": "backend-missing",
  "stack-unknown": "stack-unknown",
  "project-missing": "project-missing",
  "passphrase-wrong": "passphrase-wrong",
  "passphrase-missing": "passphrase-missing",
  "pulumi-cli-missing": "pulumi-cli-missing",
  "group-not-in-state": "group-taken",
  "resource-not-in-state": "resource-taken",
  "vault-in-bin": "vault-name-taken",
  "namespace-not-registered": "not-registered",
  "may-not-register": "right-missing",
  "may-not-assign": "right-missing",
  "may-not": "right-missing",
  "directory-right-missing": "right-missing",
  "token-of-another-tenant": "wrong-tenant",
  "subscription-unknown": "wrong-tenant",
};

/**
 * What Pulumi's CLI, the program or Azure said, as the error that a person reads; undefined where nothing is known of it.
 * @param tenantId of the environment, where it names one
 */
export function refusalOf(said: string, stack: string, tenantId = process.env.ARM_TENANT_ID): OpsError | undefined {
  if (isLocked(said)) return new StackLocked(stack, locksIn(said));
  const settings = /^\s*(?:error: )?(Setting \S+ (?:is|has)[\s\S]*?)\s*Nothing was created\./m.exec(said)?.[1];
  if (settings !== undefined) {
    const lines = settings.split("\n").map((line) => line.trim().replace(/\.$/, ""));
    return new OpsError("settings-wrong", lines.join(". "), "Nothing was created.");
  }
  const refused = refusedInputs(said);
  if (refused.length > 0) {
    return new OpsError("settings-wrong", refused.join(". "), "Then run it again: nothing was written before that.");
  }
  const byPulumi = knownError(pulumiErrors, { code: "", message: said });
  const named = { stack, takeDown: takingDown(stack) };
  for (const { known, message } of [...(byPulumi ? [{ known: byPulumi, message: said }] : []), ...knownOfAzure(said)]) {
    const code = codes[known.id];
    if (code) return new OpsError(code, causeFor(known, message, named), fixFor(known, message, named));
  }
  const login = refusedLogin(said);
  return login === undefined ? undefined : loginProblem(login, tenantId);
}

/**
 * Why Pulumi's CLI did not do what was asked: what {@link refusalOf} knows of it, else the CLI's own last words.
 * @param fix what is said of words that nothing is known of
 */
export function pulumiFailure(
  { stack, command, said }: PulumiFailure,
  fix = "Correct that, then run it again.",
  tenantId = process.env.ARM_TENANT_ID,
): OpsError {
  if (said === undefined) return new OpsError("pulumi-cli-missing", "Pulumi's CLI is not on PATH", "npm install");
  const what = `pulumi ${command}${stack ? ` of ${stack}` : ""} failed: ${lastWords(said)}`;
  const fixes = new Set(knownOfAzure(said).map(({ known, message }) => fixFor(known, message, { stack })));
  return (
    refusalOf(said, stack, tenantId) ?? new OpsError("pulumi-failed", what, fixes.size > 0 ? [...fixes].join(" ") : fix)
  );
}

/** What is known of Azure's and Entra's refusals among the CLI's words, which are those of azure-native, azuread or our own provider. */
function knownOfAzure(said: string): { known: KnownError; message: string }[] {
  return said.split(/^\s*error: /m).flatMap((words) => {
    const refusal = azureRefusal(words);
    const known = refusal && knownError(errorsOf(refusal), refusal);
    return known ? [{ known, message: refusal.message }] : codeIn(words);
  });
}

/** The first of Azure's codes that stands among other words. One that is a plain word (`Conflict`) says nothing there. */
function codeIn(words: string): { known: KnownError; message: string }[] {
  for (const [code] of words.matchAll(/\b[A-Z][a-z]+(?:_?[A-Z][a-zA-Z]*)+\b/g)) {
    const known = knownError([...resourceManagerErrors, ...directoryErrors], { code, message: words });
    if (known && known.codes.length > 0) return [{ known, message: words }];
  }
  return [];
}

/** {@link refusalOf}'s `vault-name-taken`, where the state says which name it is. */
export function vaultNameTaken(vault: string): OpsError {
  const cause = `The vault name ${vault} is in Key Vault's recycle bin, from an earlier life`;
  const fix = `az keyvault show-deleted --name ${vault} says whose it was by its tags; if it may go: az keyvault purge --name ${vault}`;
  return new OpsError("vault-name-taken", cause, fix);
}

/** What the program's own resources refused before the first write, each with its fix; Pulumi frames the words. */
function refusedInputs(said: string): string[] {
  const problems = [...said.matchAll(/ resource '[^']+'(?:: property \S+ value \{.*?\})? has a problem: (.+)/g)].map(
    ([, words = ""]) => words,
  );
  return [...new Set(problems.map((words) => words.trim().replace(/\.$/, "")))];
}

/** The errors that were said, without what frames them and without call stacks, in at most 600 characters. */
function lastWords(said: string): string {
  const all = said.split("\n");
  // Behind the errors come the stack's outputs; before those of each resource stands its name.
  const outputs = all.findIndex((line) => /^(Outputs|Resources):/.test(line));
  const told = outputs < 0 ? all : all.slice(0, outputs);
  const lines = told.filter((line) => !/^\s+at /.test(line) && !/^\s*[\w.-]+(:[\w./-]+)+ \(.*\):\s*$/.test(line));
  const first = lines.findIndex((line) => /^\s*error: /.test(line));
  const errors = (first < 0 ? lines.slice(-5) : lines.slice(first))
    .join("\n")
    .split(/^\s*error: /m)
    .map((words) => words.replace(/\s+/g, " ").trim().replace(/\.$/, ""))
    .filter((words) => words !== "" && !/^(update|destroy|preview) failed$/.test(words));
  const words = [...new Set(errors)].join("; ");
  return words.length > 600 ? `${words.slice(0, 600)}...` : words;
}
