import type { TokenCredential } from "@azure/core-auth";
import { fixOf as fixIn } from "../contract/known-errors/known-error";
import { keyVaultErrors } from "../contract/known-errors/vault-and-storage";
import { Deadline } from "./deadline";

/** https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret, .../keys/sign/sign */
const apiVersion = "7.4";
const timeout = 10_000;

/**
 * Asks the vault as a managed identity, which gets the same time together with the vault: its own requests have no end.
 * @param address of a secret, or of what is done with a key
 * @param body for a POST
 * @throws an error whose fix {@link fixOf} tells, where the vault refuses
 */
export async function askVault(
  address: string,
  credential: TokenCredential,
  body?: object,
): Promise<{ readonly value?: unknown }> {
  const limit = new Deadline(timeout);
  try {
    const { token = "" } = (await limit.race(credential.getToken("https://vault.azure.net/.default"))) ?? {};
    const answer = await fetch(`${address}?api-version=${apiVersion}`, {
      method: body ? "POST" : "GET",
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: limit.signal,
      redirect: "error",
    });
    if (!answer.ok) throw await refusal(answer);
    return (await answer.json()) as { value?: unknown };
  } finally {
    limit.clear();
  }
}

/** What a person does about what {@link askVault} threw; undefined where the vault did not answer. */
export function fixOf(error: unknown): string | undefined {
  return error instanceof VaultRefusal ? error.fix : undefined;
}

/** What the vault answered instead. */
class VaultRefusal extends Error {
  override readonly name = "VaultRefusal";

  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

/** The vault's own code says more than its status: 403 is a missing role as well as a closed network. */
async function refusal(answer: Response): Promise<VaultRefusal> {
  const { error } = (await answer.json().catch(() => ({}))) as {
    error?: { code?: string; message?: string; innererror?: { code?: string } };
  };
  const [code = "no code", message = ""] = [error?.innererror?.code ?? error?.code, error?.message];
  const fix = fixIn(keyVaultErrors, { code, message }, answer.headers.get("x-ms-request-id"));
  return new VaultRefusal(`The vault answered ${answer.status} ${code}.`, fix);
}
