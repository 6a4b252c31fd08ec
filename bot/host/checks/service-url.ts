import { isAllowedHost } from "../../outbound";
import { type Check, refuse } from "../arrival";

/**
 * The token vouches for one service address; the activity must name the same. Otherwise whoever holds any channel token
 * could have the answers, and the bot's token with them, sent to an address of his own.
 */
export const serviceUrlClaim: Check = {
  name: "serviceurl claim",
  run({ activity, claims }) {
    if (!activity || !claims || normal(activity.serviceUrl) !== normal(claims.serviceurl)) {
      throw refuse(403, "The activity's serviceUrl is not the one that the token vouches for.");
    }
  },
};

/** Even an address that the token vouches for must be one of the Bot Framework's. */
export const outboundHost: Check = {
  name: "outbound host",
  run({ activity }) {
    if (!isAllowedHost(activity?.serviceUrl ?? "")) {
      throw refuse(403, "The activity's serviceUrl is not an address of the Bot Framework.");
    }
  },
};

/** Channels differ in the slash at the end and in the case of the host. */
function normal(address: string): string {
  return (URL.parse(address)?.href ?? address).replace(/\/$/, "");
}
