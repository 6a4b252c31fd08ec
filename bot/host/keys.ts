import { day } from "../../contract/time";
import { createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/** Where the Bot Framework publishes the keys that sign its channels' tokens. */
export const channelKeysUrl = "https://login.botframework.com/v1/.well-known/keys";

/** The channel's keys, and which channels each of them may speak for. */
export interface ChannelKeys {
  readonly key: JWTVerifyGetKey;
  /** Channels that the key with this id is endorsed for; undefined where the key does not say. */
  endorsements(kid: string | undefined): readonly string[] | undefined;
}

/**
 * Fetches the keys when first needed and keeps them for a day, as Microsoft asks. A token signed by an unknown key
 * makes it fetch again, but at most twice a minute: otherwise every forged token would cost a request.
 */
export function remoteChannelKeys(url = channelKeysUrl): ChannelKeys {
  const keys = createRemoteJWKSet(new URL(url), { cacheMaxAge: day, cooldownDuration: 30_000 });
  return { key: keys, endorsements: (kid) => endorsementsOf(keys.jwks(), kid) };
}

/** Reads the Bot Framework's own `endorsements` member of a key. */
export function endorsementsOf(
  keys: JSONWebKeySet | undefined,
  kid: string | undefined,
): readonly string[] | undefined {
  const key = keys?.keys.find((candidate) => candidate.kid === kid) as { endorsements?: unknown } | undefined;
  return Array.isArray(key?.endorsements) ? key.endorsements.map(String) : undefined;
}
