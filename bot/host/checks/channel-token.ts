import { errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { BotError } from "../../error";
import { type Check, refuse } from "../arrival";

/** Who signs the tokens of channels. Not the bot's own tenant: any app in it could get a token for the bot. */
const channelIssuer = "https://api.botframework.com";

/** Clock skew that the Bot Framework's documentation allows, in seconds. */
const clockTolerance = 300;

/**
 * The channel's token: RS256 signature by a key of the Bot Framework, issuer, audience (this bot), times, and a
 * `serviceurl` claim. What https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 * asks of a bot that receives a request from the Bot Connector service.
 */
export function channelToken(appId: string, keys: JWTVerifyGetKey, now: () => Date = () => new Date()): Check {
  return {
    name: "channel token",
    async run(arrival) {
      try {
        const { payload, protectedHeader } = await jwtVerify(arrival.bearer ?? "", keys, {
          algorithms: ["RS256"],
          issuer: channelIssuer,
          audience: appId,
          clockTolerance,
          requiredClaims: ["exp", "serviceurl"],
          currentDate: now(),
        });
        if (typeof payload.serviceurl !== "string") throw refuse(401, "The token's serviceurl claim is not a text.");
        arrival.claims = { iss: channelIssuer, aud: appId, serviceurl: payload.serviceurl, kid: protectedHeader.kid };
      } catch (error) {
        if (error instanceof BotError) throw error;
        if (isKeyFetchFailure(error)) {
          throw new BotError("request-refused", "The Bot Framework's signing keys cannot be fetched.", {
            status: 503,
            cause: error,
          });
        }
        throw refuse(401, `The token is not accepted: ${reason(error)}.`, fixOf(error));
      }
    },
  };
}

/** Not the token's fault: the channel may send the activity again. */
function isKeyFetchFailure(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC"
  );
}

function reason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "it has expired";
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} claim is missing or wrong`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "it is not signed with RS256";
  if (error instanceof errors.JWKSNoMatchingKey) return "its key is not one of the Bot Framework's";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "its signature is wrong";
  return "it is malformed";
}

/** What whoever reads the log can do: a wrong audience is a mistake of the set-up, a wrong signer an attempt. */
function fixOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "Check that the clocks of the channel and of this machine agree.";
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud") {
    return "MicrosoftAppId and the bot registration's application id must be the same: npm run drift, then pulumi up.";
  }
  return "Only Bot Service may call this route: talk to the bot through one of its channels.";
}
