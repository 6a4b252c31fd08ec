import type { CloudAdapter, TurnContext } from "@microsoft/agents-hosting";
import { type Check, pass } from "./arrival";
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

/** Every check of a request to the messages route, in order: the token is checked before a byte of the body is read. */
export function checksFor(appId: string, keys: ChannelKeys): Check[] {
  return [
    contentType,
    bearer,
    channelToken(appId, keys.key),
    body,
    activityShape,
    endorsement(keys),
    serviceUrlClaim,
    outboundHost,
  ];
}

/** The messages route: the checks, then the turn, whose end is the answer. */
export function messages(
  appId: string,
  keys: ChannelKeys,
  adapter: Pick<CloudAdapter, "process">,
  turn: (context: TurnContext) => Promise<void>,
): Handler {
  const checks = checksFor(appId, keys);
  return async (request, response) => {
    const { headers } = request;
    const activity = await pass({ headers, stream: request }, checks);
    // Never the token's own claims: an `appid` among them would make the adapter ask for a token for that application.
    const user = { aud: appId, serviceurl: activity.serviceUrl };
    await adapter.process({ body: activity, headers, method: "POST", user }, webResponse(response), turn);
  };
}
