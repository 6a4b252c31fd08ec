import type { AuthConfiguration, AuthProvider } from "@microsoft/agents-hosting";
import { wordsOf } from "./error";

/** Which of the bot's two passwords Entra took. */
export type Password = "newest" | "before";

/**
 * Entra refuses a password that its replicas do not know yet with the first of these, one that has ended with the second.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const refusesPassword = /AADSTS7000215|AADSTS7000222/;

/** Milliseconds for which a newest password that was refused is not tried again: Entra's replicas need seconds to minutes. */
const asideFor = 10_000;

/**
 * The bot's two passwords. The newest is taken; where Entra refuses it here, though it took it where it was made, the one
 * before it is, which is good until the next rotation. So nobody who talks to the bot meets a rotation.
 */
export class Credential {
  private readonly ask: (settings: AuthConfiguration, scope: string) => Promise<string>;
  private asideUntil = -Infinity;
  private last: Password | undefined;

  /**
   * Has what the SDK asks for tokens take both passwords from now on.
   * @param provider has the newest password in its settings
   * @param before undefined for a managed identity, which has no password
   * @param onChange hears when the other password is taken
   */
  constructor(
    private readonly provider: AuthProvider,
    private readonly before: string | undefined,
    private readonly onChange: (used: Password) => void = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.ask = provider.getAccessToken.bind(provider);
    provider.getAccessToken = (given: AuthConfiguration | string, scope?: string) =>
      this.token(typeof given === "string" ? given : (scope ?? ""));
  }

  /** The password that Entra took last; undefined where none was asked for, and for a managed identity. */
  get used(): Password | undefined {
    return this.before === undefined ? undefined : this.last;
  }

  /** Throws what Entra said of the newest password where it takes neither. */
  private async token(scope: string): Promise<string> {
    if (this.now() < this.asideUntil) {
      const token = await this.withBefore(scope);
      if (token !== undefined) return token;
    }
    try {
      const token = await this.ask(this.provider.connectionSettings ?? {}, scope);
      this.took("newest");
      return token;
    } catch (error) {
      const token = refusesPassword.test(wordsOf(error)) ? await this.withBefore(scope) : undefined;
      if (token === undefined) throw error;
      this.asideUntil = this.now() + asideFor;
      return token;
    }
  }

  private async withBefore(scope: string): Promise<string | undefined> {
    if (this.before === undefined) return undefined;
    const settings = { ...this.provider.connectionSettings, clientSecret: this.before };
    const token = await this.ask(settings, scope).catch(() => undefined);
    if (token !== undefined) this.took("before");
    return token;
  }

  private took(password: Password): void {
    const changed = this.last !== password && (this.last !== undefined || password === "before");
    this.last = password;
    if (changed) this.onChange(password);
  }
}
