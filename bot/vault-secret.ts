import type { TokenCredential } from "@azure/core-auth";
import { BotError } from "./error";
import { askVault, fixOf } from "./vault";

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
      const { value } = await askVault(this.address, this.credential);
      if (typeof value !== "string" || value === "") throw new Error("The secret has no value.");
      return value;
    } catch (cause) {
      throw new BotError("direct-line-secret-unreadable", "The Direct Line secret cannot be read from the vault.", {
        status: 502,
        subject: "DIRECT_LINE_SECRET_URI",
        fix: fixOf(cause) ?? "Check that the vault can be reached, and that the secret has a value.",
        cause,
      });
    }
  }
}
