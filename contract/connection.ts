/**
 * The one contract between the program that deploys the bot and the bot itself: an OAuth connection.
 *
 * Its name, provider, scopes and skill are written once, in the stack's settings. The sign-in app, the connection on
 * the bot registration, the bot's app settings and the checks all follow from this object; a name typed twice would be
 * a name that can differ (known mistake 8).
 */

/** What the bot can do with a connection's token. A skill belongs to exactly one kind of provider. */
export const skills = ["mail"] as const;
export type Skill = (typeof skills)[number];

/** The identity providers that a connection can name. */
export const providers = ["entra"] as const;
export type Provider = (typeof providers)[number];

export interface Connection {
  /** The connection's name on the bot registration: 2 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly name: string;
  readonly provider: Provider;
  /** Scopes as the provider spells them; they are case-sensitive. */
  readonly scopes: readonly string[];
  /** What the bot does with the token. */
  readonly skill: Skill;
}

/** Connection names as azure.com's portal, CLI and ARM all accept them. */
export const connectionNamePattern = /^[A-Za-z0-9_-]{2,64}$/;
