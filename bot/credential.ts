import type { AuthConfiguration, AuthProvider } from "@microsoft/agents-hosting";
import { wordsOf } from "./error";

/** Which of the bot's two passwords, or of its two certificates, Entra took. */
export type Taken = "newest" | "before";

/** Asks Entra for a token by the newest of the two, and by the one before it. */
export interface Ways {
  readonly newest: (scope: string) => Promise<string>;
  /** Undefined for a managed identity, which has neither. */
  readonly before: ((scope: string) => Promise<string>) | undefined;
}

/**
 * Entra refuses a password that its replicas do not know yet with the first of these, one that has ended with the second, and a
 * certificate in either case with the third. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const refused = /AADSTS7000215|AADSTS7000222|AADSTS700027/;

/** Milliseconds for which a newest one that was refused is not tried again: Entra's replicas need seconds to minutes. */
const asideFor = 10_000;

/**
 * The bot's two passwords, or its two certificates. The newest is taken; where Entra refuses it here, though it took it where it was
 * made, the one before it is, which is good until the next rotation. So nobody who talks to the bot meets a rotation.
 */
export class Credential {
  private asideUntil = -Infinity;
  private last: Taken | undefined;

  /**
   * Has what the SDK asks for tokens take both from now on.
   * @param onChange hears when the other one is taken
   */
  constructor(
    provider: AuthProvider,
    private readonly ways: Ways,
    private readonly onChange: (taken: Taken) => void = () => undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    provider.getAccessToken = (given: AuthConfiguration | string, scope?: string) =>
      this.token(typeof given === "string" ? given : (scope ?? ""));
  }

  /** The one that Entra took last; undefined where none was asked for, and for a managed identity. */
  get taken(): Taken | undefined {
    return this.ways.before === undefined ? undefined : this.last;
  }

  /** Throws what Entra said of the newest where it takes neither. */
  private async token(scope: string): Promise<string> {
    if (this.now() < this.asideUntil) {
      const token = await this.withBefore(scope);
      if (token !== undefined) return token;
    }
    // One request tries it again; who comes meanwhile does not wait for what it will be told.
    if (this.last === "before") this.setAside();
    try {
      const token = await this.ways.newest(scope);
      this.asideUntil = -Infinity;
      this.took("newest");
      return token;
    } catch (error) {
      if (!refused.test(wordsOf(error))) throw error;
      this.setAside();
      const token = await this.withBefore(scope);
      if (token !== undefined) return token;
      this.asideUntil = -Infinity;
      throw error;
    }
  }

  private setAside(): void {
    this.asideUntil = this.now() + asideFor;
  }

  private async withBefore(scope: string): Promise<string | undefined> {
    const token = await this.ways.before?.(scope).catch(() => undefined);
    if (token !== undefined) this.took("before");
    return token;
  }

  private took(one: Taken): void {
    const changed = this.last !== one && (this.last !== undefined || one === "before");
    this.last = one;
    if (changed) this.onChange(one);
  }
}

/**
 * Both passwords, by the SDK's own way to ask.
 * @param provider has the newest in its settings; before {@link Credential} has taken its place
 * @param before undefined for a managed identity
 */
export function passwordWays(provider: AuthProvider, before: string | undefined): Ways {
  const ask: (settings: AuthConfiguration, scope: string) => Promise<string> = provider.getAccessToken.bind(provider);
  return {
    newest: (scope) => ask(provider.connectionSettings ?? {}, scope),
    before:
      before === undefined
        ? undefined
        : (scope) => ask({ ...provider.connectionSettings, clientSecret: before }, scope),
  };
}
