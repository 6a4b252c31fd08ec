import { minute } from "../../contract/time";
import { type Access, until } from "../azure/access";
import { armClient } from "../azure/arm";
import { AzureCallError } from "../azure/azure-call-error";
import { caught, exchange, NoAnswer } from "../azure/exchange";
import { type WebAppAddress, webAppId, webVersion } from "./web-app";

/** A container may take 230 s to start; until then the front end answers in its place. */
const answersWithin = 5 * minute;
/** A path that is not there is asked for again for so long: what answers may be the old code, or a server half started. */
const foundWithin = 15_000;

/** An activity to which no bot has anything to say, from nobody, without a token. */
const activity = {
  type: "event",
  name: "bot-sign-in/is-anybody-believed",
  id: "bot-sign-in",
  channelId: "directline",
  // Nobody is there: whoever believes the activity gets nothing out by an answer to it.
  serviceUrl: "https://nobody.invalid/",
  from: { id: "nobody" },
  recipient: { id: "bot" },
  conversation: { id: "bot-sign-in" },
};

/** What an activity without a token met: refused, believed, no such path, or nobody to answer yet. */
export type Reception = "refused" | "believed" | "no path" | "nobody";

/** What a status says of a bot to which an activity was sent without a token. Agents SDKs answer 401, the Bot Framework's 500. */
export function receptionOf(status: number): Reception {
  if (status >= 200 && status < 300) return "believed";
  if (status === 404 || status === 405) return "no path";
  // App Service's own answers where no app answers.
  return [502, 503, 504].includes(status) ? "nobody" : "refused";
}

/**
 * Sends the bot an activity without a token, and returns when it is refused. A bot that believes it is stopped, so that
 * nobody reaches it: App Service lets everybody who knows its name through.
 * @throws AzureCallError open-bot, messages-missing, app-silent
 */
export async function strangersRefused(access: Access, app: WebAppAddress, messagesUrl: string): Promise<void> {
  const began = access.now();
  let status: number | string = "no answer";
  const met = await until(access, answersWithin, async () => {
    status = await ask(access, messagesUrl);
    const reception = typeof status === "number" ? receptionOf(status) : "nobody";
    if (reception === "nobody") return undefined;
    return reception === "no path" && access.now() - began < foundWithin ? undefined : reception;
  });
  if (met === "refused") return;
  if (met === "believed") throw await stopped(access, app, messagesUrl, Number(status));
  if (met === "no path") {
    const cause = `the bot takes no activities there: it answers ${status}`;
    throw new AzureCallError(
      "messages-missing",
      messagesUrl,
      cause,
      "Say where it does, as code.messages: /api/messages",
    );
  }
  const cause = `the bot does not answer an activity: ${typeof status === "number" ? `the front end says ${status}` : status}`;
  throw new AzureCallError(
    "app-silent",
    messagesUrl,
    cause,
    "See the app's log (az webapp log tail, or Log stream in the portal).",
  );
}

/** Looks once whether a bot whose new code was not proved believes anybody, and stops it then. */
export async function stopWhereOpen(access: Access, app: WebAppAddress, messagesUrl: string): Promise<void> {
  const status = await ask(access, messagesUrl);
  if (typeof status === "number" && receptionOf(status) === "believed")
    throw await stopped(access, app, messagesUrl, status);
}

async function ask(access: Access, messagesUrl: string): Promise<number | string> {
  const answer = await exchange(access, messagesUrl, 20_000, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(activity),
  }).catch(caught);
  return answer instanceof NoAnswer ? answer.message : answer.status;
}

async function stopped(
  access: Access,
  app: WebAppAddress,
  messagesUrl: string,
  status: number,
): Promise<AzureCallError> {
  await armClient(access).post(`${webAppId(app)}/stop`, webVersion);
  return new AzureCallError(
    "open-bot",
    messagesUrl,
    `the bot answered ${status} to an activity without a token, so it takes activities from anybody. Its web app was stopped, and no user is sent to it`,
    "Correct code.sdk or code.dialect, so that it finds its client id, or have its code check tokens; then deploy again: that starts it.",
  );
}
