import { minute } from "../../contract/time";
import { randomUUID } from "node:crypto";
import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { AzureCallError, unreachable } from "../../infra/azure/azure-call-error";
import { bodyOf, isBusy, refusalOf, saidIn, type Speaker } from "../../infra/azure/call";
import { botServiceErrors } from "../../contract/known-errors/bot-services";
import { type Answer, caught, exchange, NoAnswer } from "../../infra/azure/exchange";
import { botServiceVersion } from "../../infra/azure/bot-service";
import { chatSite } from "../../infra/facts/direct-line";
import { addressesOf, type Residency } from "../../infra/facts/residency";
import type { SignInTried } from "./set-up";

/** What a person sees and types on the way. */
export interface Person {
  /** Is shown where to sign in. */
  shown(address: string): void;
  /** Is told what the bot says of the code. */
  told(text: string): void;
  /** What was typed since it was last asked for: the code of the sign-in page. */
  typed(): string | undefined;
}

/** Milliseconds between two looks for what the bot has said. */
const between = 700;
/** Milliseconds in which a bot has to answer a message: channels themselves wait 15 s. */
const answersWithin = 30_000;

interface Activity {
  readonly type: string;
  readonly from?: { readonly id?: string };
  readonly text?: string;
  readonly attachments?: readonly {
    readonly contentType: string;
    readonly content?: { readonly buttons?: readonly { readonly value?: string }[]; readonly text?: string };
  }[];
}

interface Site {
  readonly siteName: string;
  readonly isEnabled?: boolean;
  readonly key?: string;
  readonly trustedOrigins?: readonly string[] | null;
}

/**
 * Signs in for real: opens a conversation with the bot through Direct Line, asks it for something that needs a sign-in, has a
 * person sign in at the address of its card, and waits for what the bot says then.
 * @param bot its ARM id
 * @param say what is written to the bot: `mail`
 * @param within milliseconds that a person has for it
 * @throws AzureCallError where ARM or Direct Line do not answer, or have no time
 */
export async function trySignIn(
  access: Access,
  { bot, residency, say }: { readonly bot: string; readonly residency: Residency; readonly say: string },
  person: Person,
  within: number,
): Promise<SignInTried> {
  const channel = `${bot}/channels/DirectLineChannel`;
  const { setting } = await armClient(access).ask<{ setting?: { sites?: readonly Site[] } }>(
    `${channel}/listChannelWithKeys`,
    botServiceVersion,
    {},
    ["setting"],
  );
  const open = (setting?.sites ?? []).filter(({ isEnabled, key }) => isEnabled === true && key);
  const site = open.find(({ siteName }) => siteName === chatSite) ?? open[0];
  if (!site) return { ended: "refused", at: channel, words: "no site of it is switched on" };
  const chat = await openChat(access, addressesOf(residency).directLine, site);
  if ("ended" in chat) return chat;

  const said: string[] = [];
  const refused = await chat.write(say);
  if (refused) return refused;
  const card = await heard(access, chat, answersWithin, said, (activity) => linkIn(activity));
  if (card === undefined) return { ended: "no card", asked: say, answers: said };
  person.shown(card);
  const end = access.now() + within;
  const answers: string[] = [];
  while (access.now() < end) {
    const code = person.typed();
    if (code) await chat.write(code);
    await access.wait(between);
    for (const text of (await chat.read()).map(textOf).filter(Boolean)) {
      // A code that was mistyped is not the end: the bot says so, and takes another.
      if (/\bcode\b/i.test(text)) person.told(text);
      else answers.push(shortened(text));
    }
    if (answers.length > 0) return { ended: "answered", answers };
  }
  return { ended: "no answer", minutes: Math.round(within / minute) };
}

interface Chat {
  /** What Direct Line says to a message that does not reach the bot. */
  write(text: string): Promise<(SignInTried & { ended: "refused" }) | undefined>;
  /** What the bot has said since it was last read. */
  read(): Promise<Activity[]>;
}

/** As whose words are read: its tokens are not the deployer's, so that it is asked without {@link call}. */
const directLine: Speaker = {
  name: "Direct Line",
  errors: botServiceErrors,
  requestIdHeader: "x-ms-request-id",
};

async function openChat(
  access: Access,
  origin: string,
  site: Site,
): Promise<Chat | (SignInTried & { ended: "refused" })> {
  const user = { id: `dl_${randomUUID()}`, name: "You" };
  /** One call. Throws where nothing can be said of the bot: Direct Line does not answer, or has no time. */
  const call = async (method: string, path: string, token: string, body?: unknown): Promise<Answer> => {
    const url = `${origin}/v3/directline${path}`;
    const answer = await exchange(access, url, 30_000, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(caught);
    if (answer instanceof NoAnswer) throw unreachable(url, "Direct Line", answer.message);
    // It answers 502 with this code where the bot has failed.
    if (isBusy(answer) && saidIn(answer.text).code !== "BotError") throw refusalOf(directLine, url, answer);
    return answer;
  };
  const [trusted] = site.trustedOrigins ?? [];
  const generated = await call("POST", "/tokens/generate", site.key!, {
    user,
    ...(trusted && { trustedOrigins: [trusted] }),
  });
  const generating = `${origin}/v3/directline/tokens/generate`;
  if (!generated.ok) return refusedBy(generated, generating);
  const { token } = bodyOf<{ token: string }>(directLine, generating, generated, ["token"]);
  const started = await call("POST", "/conversations", token);
  const starting = `${origin}/v3/directline/conversations`;
  if (!started.ok) return refusedBy(started, starting);
  const { conversationId } = bodyOf<{ conversationId: string }>(directLine, starting, started, ["conversationId"]);
  const activities = `/conversations/${conversationId}/activities`;
  let watermark = "";
  return {
    async write(text) {
      const answer = await call("POST", activities, token, { type: "message", from: user, text });
      return answer.ok ? undefined : refusedBy(answer, `the message "${text}"`);
    },
    async read() {
      const path = `${activities}${watermark ? `?watermark=${watermark}` : ""}`;
      try {
        const answer = await call("GET", path, token);
        if (!answer.ok) return [];
        const set = bodyOf<{ activities: readonly Activity[]; watermark?: string }>(directLine, path, answer, [
          "activities",
        ]);
        watermark = set.watermark ?? watermark;
        return set.activities.filter(({ type, from }) => type === "message" && from?.id !== user.id);
      } catch (error) {
        // It is read again in a moment.
        if (error instanceof AzureCallError) return [];
        throw error;
      }
    },
  };
}

function refusedBy(answer: Answer, at: string): SignInTried & { ended: "refused" } {
  const { cause, code } = refusalOf(directLine, at, answer);
  return { ended: "refused", at, words: `${cause} [${code}]` };
}

/** What `find` sees in the first activity in which it sees something; what else the bot said goes into `said`. */
async function heard<Found>(
  access: Access,
  chat: Chat,
  within: number,
  said: string[],
  find: (activity: Activity) => Found | undefined,
): Promise<Found | undefined> {
  for (const end = access.now() + within; access.now() < end; await access.wait(between)) {
    for (const activity of await chat.read()) {
      const found = find(activity);
      if (found !== undefined) return found;
      if (textOf(activity)) said.push(textOf(activity));
    }
  }
  return undefined;
}

/** The sign-in address of a card, of either kind. */
function linkIn({ attachments = [] }: Activity): string | undefined {
  return attachments
    .filter(({ contentType }) => /^application\/vnd\.microsoft\.card\.(oauth|signin)$/.test(contentType))
    .flatMap(({ content }) => content?.buttons ?? [])
    .find(({ value }) => value?.startsWith("https://"))?.value;
}

/** It may be of a person's mail: enough of it to see that it is the answer. */
function shortened(text: string): string {
  const [first = ""] = text.split("\n");
  return first.length < text.length || first.length > 120 ? `${first.slice(0, 120)} ...` : first;
}

function textOf({ text, attachments = [] }: Activity): string {
  return (
    text ||
    attachments.map(({ content }) => content?.text ?? "").find(Boolean) ||
    (attachments.length > 0 ? "(a card)" : "")
  );
}
