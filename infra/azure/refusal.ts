import { deployerErrors } from "../../contract/known-errors/deployer";
import { directoryErrors } from "../../contract/known-errors/directory";
import { fixes } from "../../contract/known-errors/fixes";
import { fixFor, fixOf, knownError, type KnownError, type Named } from "../../contract/known-errors/known-error";
import { notInState } from "../../contract/known-errors/pulumi";
import { resourceManagerErrors } from "../../contract/known-errors/resource-manager";
import { isAzureNative } from "../facts/azure-native";

/** What Azure said when it refused to make, change or delete a resource. */
export interface AzureRefusal {
  readonly by: "Azure Resource Manager" | "Microsoft Graph";
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Tries after the first one. With the waits between them a refusal that does not pass stands after about a minute. */
export const furtherTries = 5;

/**
 * Reads Azure's refusal out of the words of azure-native (`Status=403 Code="..." Message="..."`) or azuread
 * (`unexpected status 403 (403 Forbidden) with error: <code>: <message>`, `Application (...) was not found`), or what
 * azure-native says where it may not even look. Undefined for an error that is none: then the provider itself says what is
 * wrong.
 */
export function azureRefusal(words: string): AzureRefusal | undefined {
  const byArm = /\bStatus=(\d{3})(?: Code="([^"]*)")? Message="([\s\S]*)"/.exec(words);
  const found = byArm ?? /\bunexpected status (\d{3}) \([^)]*\) with error: (\w+): ([\s\S]*)/.exec(words);
  if (found) {
    const by = byArm ? "Azure Resource Manager" : "Microsoft Graph";
    return { by, status: Number(found[1]), code: found[2] ?? "", message: (found[3] ?? "").trim() };
  }
  const looked = /cannot check existence of resource '[^']*': status code (\d{3}), (\{[\s\S]*\})/.exec(words);
  if (looked) return { by: "Azure Resource Manager", status: Number(looked[1]), ...errorIn(looked[2]) };
  const absent = /\bApplication \([\s\S]*\) was not found/.exec(words);
  return absent
    ? { by: "Microsoft Graph", status: 404, code: "Request_ResourceNotFound", message: absent[0] }
    : undefined;
}

/** ARM's error in the text of an answer. */
function errorIn(text = ""): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return { code: error?.code ?? "", message: error?.message ?? text };
  } catch {
    return { code: "", message: text };
  }
}

/**
 * Milliseconds to wait before the same operation is tried again; undefined where that helps nothing. The providers wait out
 * 429, 5xx and some conflicts by themselves; this is for what they let stand although it passes: an application or a
 * managed identity that has not spread in Entra yet, and another operation on the same resource.
 * @param type of the resource: `azuread:index/applicationPassword:ApplicationPassword`
 * @param operation `create`, `update` or `delete`
 * @param errors the words of all tries so far, newest first
 */
export function waitBeforeNextTry(type: string, operation: string, errors: readonly string[]): number | undefined {
  const [words = ""] = errors;
  const refusal = azureRefusal(words);
  if (!refusal || errors.length > furtherTries) return undefined;
  const creates = operation === "create";
  if (creates && mayBeMade(type, words)) return undefined;
  return spreads(refusal, creates) || isBusy(refusal) ? 2_000 * 2 ** (errors.length - 1) : undefined;
}

/**
 * Whether the resource may exist although its creation failed. Another try would make a second one, and lose the first out
 * of the state. azuread makes applications and service principals in several calls, of which only the first is named so;
 * azure-native's words begin with the status where the first call was refused.
 */
function mayBeMade(type: string, words: string): boolean {
  if (isAzureNative(type)) return !words.startsWith("Status=");
  return (
    /:(Application|ServicePrincipal)$/.test(type) && !/\bCould not create (application|service principal)\b/.test(words)
  );
}

/**
 * Entra spreads what is new within seconds, sometimes minutes. What is not found later was deleted by hand.
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails
 */
function spreads({ status, code, message }: AzureRefusal, creates: boolean): boolean {
  if (!creates) return false;
  if (status === 404) return code === "Request_ResourceNotFound";
  return code === "PrincipalNotFound" || /Permission Id \S+ that cannot be found/.test(message);
}

function isBusy({ status, code, message }: AzureRefusal): boolean {
  return (
    status === 409 &&
    (code === "Directory_ConcurrencyViolation" ||
      code === "Error_MsaAppDoesNotExist" ||
      /another operation is in progress|changed from the point the operation began/i.test(message))
  );
}

/**
 * What fixes an error, for the person in front of `pulumi up`; undefined where Azure had no part in it, or where the words
 * name the fix themselves.
 * @param words of the provider
 * @param operation `create`, `update` or `delete`
 * @param named what is known of the deployment
 */
export function fixOfError(words: string, operation: string, named?: Named): string | undefined {
  const refusal = azureRefusal(words);
  if (refusal) return fixOfRefusal(refusal, operation, named);
  const there = knownError(notInState, { code: "", message: words });
  if (there) return fixFor(there, words, named);
  // Our own sentence carries the code in brackets, with the fix behind it.
  const [code] = /\bAADSTS\d+\b/.exec(words) ?? [];
  return code === undefined || words.includes(`[${code}]`)
    ? undefined
    : fixOf(deployerErrors, { code, message: words });
}

function fixOfRefusal(refusal: AzureRefusal, operation: string, named?: Named): string {
  if (spreads(refusal, operation === "create")) {
    return fixes.spreads;
  }
  return fixOf(errorsOf(refusal), refusal, undefined, named);
}

/** What is known of refusals of whoever refused. */
export function errorsOf({ by }: Pick<AzureRefusal, "by">): readonly KnownError[] {
  return by === "Microsoft Graph" ? directoryErrors : resourceManagerErrors;
}
