import type { TokenCredential } from "@azure/core-auth";
import { keyVaultErrors } from "../contract/known-errors/vault-and-storage";
import { fixOf } from "../contract/known-errors/known-error";
import { BotError } from "./error";

/** https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
const apiVersion = "7.4";
const patience = 10_000;

/**
 * The newest version of a secret, read from the vault with the managed identity when first needed and then kept. It is
 * not an app setting because it comes into being after the web app, and because it can be rotated while the bot runs.
 */
export class VaultSecret {
  private value?: Promise<string>;

  constructor(
    private readonly address: string,
    private readonly credential: TokenCredential,
  ) {}

  /** Throws {@link BotError} `direct-line-secret-unreadable` with status 502. */
  read(): Promise<string> {
    return (this.value ??= this.fetch().catch((error: unknown) => {
      this.value = undefined;
      throw error;
    }));
  }

  /** Reads it from the vault whether it was kept or not. */
  readAgain(): Promise<string> {
    this.value = undefined;
    return this.read();
  }

  private async fetch(): Promise<string> {
    try {
      const credential = await this.credential.getToken("https://vault.azure.net/.default");
      const answer = await fetch(`${this.address}?api-version=${apiVersion}`, {
        headers: { authorization: `Bearer ${credential?.token ?? ""}`, accept: "application/json" },
        signal: AbortSignal.timeout(patience),
        redirect: "error",
      });
      if (!answer.ok) throw await refusal(answer);
      const { value } = (await answer.json()) as { value?: unknown };
      if (typeof value !== "string" || value === "") throw new Error("The secret has no value.");
      return value;
    } catch (cause) {
      throw new BotError("direct-line-secret-unreadable", "The Direct Line secret cannot be read from the vault.", {
        status: 502,
        subject: "DIRECT_LINE_SECRET_URI",
        fix:
          cause instanceof VaultRefusal
            ? cause.fix
            : "Check that the vault can be reached, and that the secret has a value.",
        cause,
      });
    }
  }
}

/** What the vault answered instead of the secret. */
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
  const fix = fixOf(keyVaultErrors, { code, message }, answer.headers.get("x-ms-request-id"));
  return new VaultRefusal(`The vault answered ${answer.status} ${code}.`, fix);
}
