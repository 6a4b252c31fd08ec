import type { TokenCredential } from "@azure/core-auth";
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

  /** Throws {@link BotError} `direct_line_secret_unreadable` with status 502. */
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
      if (!answer.ok) throw new Error(`The vault answered ${answer.status}.`);
      const { value } = (await answer.json()) as { value?: unknown };
      if (typeof value !== "string" || value === "") throw new Error("The secret has no value.");
      return value;
    } catch (cause) {
      throw new BotError("direct_line_secret_unreadable", "The Direct Line secret cannot be read from the vault.", {
        status: 502,
        subject: "DIRECT_LINE_SECRET_URI",
        cure: "Check that the secret exists and that the managed identity has the role Key Vault Secrets User on the vault.",
        cause,
      });
    }
  }
}
