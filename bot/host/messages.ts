import type { CloudAdapter, TurnContext } from "@microsoft/agents-hosting";
import { pass } from "./arrival";
import { activityShape } from "./checks/activity-shape";
import { bearer } from "./checks/bearer";
import { body } from "./checks/body";
import { channelToken } from "./checks/channel-token";
import { contentType } from "./checks/content-type";
import { endorsement } from "./checks/endorsement";
import { outboundHost, serviceUrlClaim } from "./checks/service-url";
import type { Handler } from "./host";
import type { ChannelKeys } from "./keys";
import { webResponse } from "./web-response";

/**
 * The messages route: every check in its order, then the turn. The token is checked before a byte of the body is read.
 */
export function messages(
  appId: string,
  keys: ChannelKeys,
  adapter: Pick<CloudAdapter, "process">,
  turn: (context: TurnContext) => Promise<void>,
): Handler {
  const checks = [
    contentType,
    bearer,
    channelToken(appId, keys.key),
    body,
    activityShape,
    endorsement(keys),
    serviceUrlClaim,
    outboundHost,
  ];
  return async (request, response) => {
    const { headers } = request;
    const activity = await pass({ headers, stream: request }, checks);
    // Never the token's own claims: an `appid` among them would make the adapter ask for a token for that application.
    const user = { aud: appId, serviceurl: activity.serviceUrl };
    await adapter.process({ body: activity, headers, method: "POST", user }, webResponse(response), turn);
  };
}
