/**
 * The one contract between the program that deploys the bot and the bot itself: an OAuth connection.
 *
 * What it holds is written once, in the stack's settings. The sign-in app, the connection on the bot registration, the
 * bot's app settings and the checks all follow from it; a name typed twice would be a name that can differ (known mistake
 * 8). What only Bot Service is told (client id, secret, a provider's parameters) is in `infra/connections/connection.ts`.
 */
export interface Connection {
  /** Its name on the bot registration: 2 to 64 of `A-Z a-z 0-9 _ -`, a letter or digit first; one made by hand may have others. */
  readonly name: string;
  /** Who signs users in: {@link entra}, or the name of one of `contract/identity-providers.ts`. */
  readonly provider: string;
  /** Scopes as the provider spells them; they are case-sensitive. Empty where the provider decides by itself. */
  readonly scopes: readonly string[];
  /** What the bundled bot does with the token; absent where a bot of one's own, or nothing, uses it. */
  readonly skill?: Skill;
  /** Address of the REST service that the skill calls with the token, where that is not the same for everybody. */
  readonly api?: string;
}

/** What the bundled bot can do with a connection's token: Microsoft Graph's mail, GitHub's issues, a company's orders. */
export const skills = ["mail", "github", "orders"] as const;
export type Skill = (typeof skills)[number];

/** The provider of a connection that names none: Microsoft Entra ID, which Bot Service calls Azure Active Directory v2. */
export const entra = "entra";

/** Connection names as azure.com's portal, CLI and ARM all accept them. */
export const connectionNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{1,63}$/;
