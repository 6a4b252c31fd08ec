import type { ChannelKeys } from "../keys";
import { type Check, refuse } from "../arrival";

/**
 * A key that names its channels may not sign for another: a channel of lesser trust cannot pass itself off as Teams.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication (step 3)
 */
export function endorsement(keys: Pick<ChannelKeys, "endorsements">): Check {
  return {
    name: "channel endorsement",
    run({ activity, claims }) {
      const channels = keys.endorsements(claims?.kid);
      // A channel within a channel, msteams:COPILOT, is endorsed with that.
      const [channel = ""] = (activity?.channelId ?? "").split(":");
      if (channels?.length && !channels.includes(channel)) {
        throw refuse(403, "The token's key is not endorsed for the activity's channel.");
      }
    },
  };
}
