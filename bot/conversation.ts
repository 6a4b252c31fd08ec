import { type Activity, ActivityTypes } from "@microsoft/agents-activity";
import { parseCommand } from "./commands";
import { type Log, logText } from "./log";
import { meaningOf } from "./meaning";
import { isPrivate } from "./sign-in/private-chat";
import type { SignIn } from "./sign-in/sign-in";
import { sentences } from "./sign-in/sentences";
import type { Turn } from "./turn";

/** What to do with one kind of activity. The first route that matches takes the turn. */
interface Route {
  readonly name: string;
  readonly matches: (activity: Activity) => boolean;
  readonly run: (turn: Turn) => Promise<void>;
  /** What it does where others would see it; undefined where that makes no difference. */
  readonly inGroup?: (turn: Turn) => Promise<void>;
}

const isInvoke = (name: string) => (activity: Activity) =>
  activity.type === ActivityTypes.Invoke && activity.name === name;

/** What an event or an invoke carries; its sender chooses it, in content and in type. */
function valueOf({ value }: Activity): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The bot's conversation: which activity does what. An activity that no route matches is left alone. */
export function createConversation(signIn: SignIn, log: Log): (turn: Turn) => Promise<void> {
  const routes: readonly Route[] = [
    {
      name: "somebody joined",
      matches: ({ type }) => type === ActivityTypes.ConversationUpdate,
      run: async ({ activity, say }) => {
        const others = (activity.membersAdded ?? []).filter(({ id }) => id !== activity.recipient?.id);
        if (others.length > 0) await say(signIn.introduction.welcome, signIn.introduction.replies);
      },
    },
    {
      name: "message",
      matches: ({ type }) => type === ActivityTypes.Message,
      run: (turn) => answerMessage(turn, signIn),
      inGroup: (turn) => answerInGroup(turn, signIn),
    },
    {
      // Web Chat and Direct Line, once the sign-in in the browser is bound to the chat.
      name: "token arrived",
      matches: ({ type, name }) => type === ActivityTypes.Event && name === "tokens/response",
      run: (turn) => signIn.tokenArrived(turn, valueOf(turn.activity).connectionName),
      inGroup: async () => undefined,
    },
    {
      // Teams, when its sign-in window closes.
      name: "sign-in window closed",
      matches: isInvoke("signin/verifyState"),
      run: async (turn) => {
        const state = (textIn(valueOf(turn.activity).state) ?? "").trim();
        if (/^\d{6}$/.test(state)) return turn.answer(await signIn.redeem(turn, state));
        const cancelled = state === "CancelledByUser";
        log.warn({ cause: cancelled ? state : "no code" }, "sign-in not completed");
        await turn.say(cancelled ? sentences.signInCancelled : sentences.signInFailed);
        await turn.answer(cancelled ? 200 : 412);
      },
      inGroup: async (turn) => {
        await turn.say(sentences.groupConversation);
        await turn.answer(412);
      },
    },
    {
      name: "single sign-on",
      matches: isInvoke("signin/tokenExchange"),
      run: async (turn) => {
        const value = valueOf(turn.activity);
        const status = await signIn.exchange(turn, value);
        const [id, connectionName] = [textIn(value.id), textIn(value.connectionName)];
        const failureDetail = status === 200 ? undefined : failureDetails[status];
        await turn.answer(status, { id, connectionName, failureDetail });
      },
      inGroup: (turn) => turn.answer(400, { failureDetail: sentences.groupConversation }),
    },
    {
      // https://learn.microsoft.com/microsoftteams/platform/bots/how-to/authentication/bot-sso-code (signin/failure)
      name: "sign-in failed",
      matches: isInvoke("signin/failure"),
      run: async (turn) => {
        await signIn.clientFailed(turn, valueOf(turn.activity));
        await turn.answer(200);
      },
    },
  ];

  return async (turn) => {
    const { type, name, channelId } = turn.activity;
    const route = routes.find(({ matches }) => matches(turn.activity));
    const what = { type: logText(type), name: logText(name), channelId: logText(channelId) };
    log.info({ ...what, route: route?.name }, "turn");
    const forSender = turn.aside || isPrivate(turn.activity);
    await (forSender ? route?.run : (route?.inGroup ?? route?.run))?.(turn);
  };
}

const failureDetails = {
  400: "The exchange lacks its id or its token, names no connection of this bot, or was refused.",
  412: "The token could not be exchanged: the user has to sign in with the card.",
} as const;

async function answerMessage(turn: Turn, signIn: SignIn): Promise<void> {
  const text = textOf(turn.activity);
  const meaning = meaningOf(parseCommand(text));
  if (meaning.by === "skill") return signIn.request(turn, { command: meaning.command, text });
  await meaning.give(turn, signIn);
}

/** What can be said where others see it; where there is the sender's own chat for it, that it was said there. */
async function answerInGroup(turn: Turn, signIn: SignIn): Promise<void> {
  if (turn.alone) {
    const alone = await turn.alone();
    if (!alone) return turn.say(sentences.askAlone);
    await answerMessage(alone, signIn);
    return turn.say(sentences.answeredAlone);
  }
  const meaning = meaningOf(parseCommand(textOf(turn.activity)));
  if (meaning.by === "skill" || !meaning.inGroup) return turn.say(sentences.groupConversation);
  await meaning.give(turn, signIn);
}

/**
 * What somebody says to the bot. In Teams' group chats that begins with the bot's own name, as `<at>name</at>`, with a space
 * that does not break behind it; what a mention says is its sender's, and some of Teams' clients leave its text out.
 */
function textOf({ text = "", entities = [], recipient }: Activity): string {
  const mention = entities.find(
    ({ type, mentioned }) => type.toLowerCase() === "mention" && idOf(mentioned) === recipient?.id,
  );
  if (!mention) return text;
  const name = textIn(mention.text);
  const said = name && text.includes(name) ? text.replace(name, " ") : text.replace(/^\s*<at[^>]*>[^<]*<\/at>/i, " ");
  return said.replace(/&nbsp;/gi, " ").trim();
}

const idOf = (account: unknown): unknown => (account as { id?: unknown } | null | undefined)?.id;
