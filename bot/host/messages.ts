import type { IncomingHttpHeaders } from "node:http";
import type { CloudAdapter, TurnContext } from "@microsoft/agents-hosting";
import { inTurn } from "../deadline";
import type { Answer } from "./answer";
import { type Check, type IncomingActivity, pass } from "./arrival";
import { activityShape } from "./checks/activity-shape";
import { bearer } from "./checks/bearer";
import { body } from "./checks/body";
import { channelToken } from "./checks/channel-token";
import { contentType } from "./checks/content-type";
import { endorsement } from "./checks/endorsement";
import { outboundHost, serviceUrlClaim } from "./checks/service-url";
import type { Handler } from "./host";
import type { ChannelKeys } from "./keys";
import { collectAnswer } from "./web-response";

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

/**
 * The messages route: the checks, then the turn, whose end is the answer. All of it has the time of one turn. A delivery
 * that comes again while its turn is under way gets that turn's answer.
 */
export function messages(
  appId: string,
  keys: ChannelKeys,
  adapter: Pick<CloudAdapter, "process">,
  turn: (context: TurnContext) => Promise<void>,
): Handler {
  const checks = checksFor(appId, keys);
  const underWay = new Map<string, Promise<Answer>>();

  async function run(activity: IncomingActivity, headers: IncomingHttpHeaders): Promise<Answer> {
    // Never the token's own claims: an `appid` among them would make the adapter ask for a token for that application.
    const user = { aud: appId, serviceurl: activity.serviceUrl };
    const { web, answer } = collectAnswer();
    await adapter.process({ body: activity, headers, method: "POST", user }, web, turn);
    return answer();
  }

  return (request) =>
    inTurn(async (deadline) => {
      const { headers } = request;
      const activity = await deadline.race(pass({ headers, stream: request }, checks));
      const delivery = deliveryOf(activity);
      if (!delivery) return run(activity, headers);
      const first = underWay.get(delivery);
      if (first) return first;
      const answer = run(activity, headers).finally(() => underWay.delete(delivery));
      underWay.set(delivery, answer);
      return answer;
    });
}

/** What a channel that delivers an activity again delivers with it; undefined where the activity has no id. */
function deliveryOf({ id, type, channelId, conversation, from }: IncomingActivity): string | undefined {
  if (typeof id !== "string" || id === "") return undefined;
  return JSON.stringify([channelId, conversation.id, from.id, type, id]);
}
