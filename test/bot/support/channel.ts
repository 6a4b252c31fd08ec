import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { type ChannelKeys, endorsementsOf } from "../../../bot/host/keys";

export const appId = "11111111-2222-3333-4444-555555555555";
export const serviceUrl = "https://directline.botframework.com/";

/** The Bot Framework's side of a channel: its key, the tokens it signs, the activities it sends. */
export interface Channel {
  readonly keys: ChannelKeys;
  /** A right token, but for the claims given; a claim of `undefined` is left out. */
  token(claims?: JWTPayload, header?: { alg?: string; kid?: string; lifetime?: number }): Promise<string>;
}

/** Makes a channel with a key of its own. `endorsements` is what the published key says it may speak for. */
export async function createChannel(endorsements?: readonly string[]): Promise<Channel> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwks = {
    keys: [{ ...(await exportJWK(publicKey)), kid: "channel-key", alg: "RS256", use: "sig", endorsements }],
  };
  return {
    keys: { key: createLocalJWKSet(jwks), endorsements: (kid) => endorsementsOf(jwks, kid) },
    token: async (claims = {}, { kid = "channel-key", lifetime = 3600 } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload: JWTPayload = {
        iss: "https://api.botframework.com",
        aud: appId,
        nbf: now - 10,
        exp: now + lifetime,
        serviceurl: serviceUrl,
        ...claims,
      };
      return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
    },
  };
}

let count = 0;

/** An activity as Direct Line delivers it. */
export function activityOf(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "message",
    id: `activity-${++count}`,
    channelId: "directline",
    serviceUrl,
    conversation: { id: "conversation-1" },
    from: { id: "dl_ada", name: "You" },
    recipient: { id: "bot@handle", name: "Bot" },
    ...fields,
  };
}
