import { type Command, parseCommand } from "./commands";
import { sentences } from "./sign-in/sentences";
import type { SignIn } from "./sign-in/sign-in";
import type { Turn } from "./turn";
import { assignedIssues, openIssue } from "./skills/git-hub";
import { recentMail, sendMail } from "./skills/mail";
import { oneOrder, ownOrders } from "./skills/orders";
import type { SkilledCommand } from "./skills/skill";

/** What a command comes to. */
export type Meaning =
  /** It needs a token of the user's. */
  | { readonly by: "skill"; readonly command: SkilledCommand }
  | {
      readonly by: "answer";
      /** Whether others may see it: what tells of a user's accounts is for him alone. */
      readonly inGroup: boolean;
      give(turn: Turn, signIn: SignIn): Promise<unknown>;
    };

/** The one place that decides what a command is. A command without a case does not compile. */
export function meaningOf(command: Command): Meaning {
  switch (command.name) {
    case "mail":
      return skill({ skill: "mail", run: recentMail });
    case "send":
      return skill({
        skill: "mail",
        mayHaveHappened: sentences.mayHaveBeenSent,
        run: (token) => sendMail(token, command.to, command.text),
      });
    case "issues":
      return skill({ skill: "github", run: assignedIssues });
    case "open issue":
      return skill({
        skill: "github",
        mayHaveHappened: sentences.mayHaveBeenOpened,
        run: (token, connection) => openIssue(token, connection, command.repository, command.title, command.body),
      });
    case "orders":
      return skill({ skill: "orders", run: ownOrders });
    case "order":
      return skill({ skill: "orders", run: (token, connection) => oneOrder(token, connection, command.number) });
    case "who am i":
      return privately((turn, signIn) => signIn.accounts.whoAmI(turn));
    case "connections":
      return privately((turn, signIn) => signIn.accounts.tellConnections(turn));
    case "code":
      return privately((turn, signIn) => signIn.redeem(turn, command.code));
    case "code in words":
      return privately(async (turn, signIn) =>
        (await signIn.expectsCode(turn)) ? signIn.redeem(turn, command.code) : turn.say(sentences.unknown),
      );
    case "code misspelt":
      return privately(async (turn, signIn) =>
        turn.say((await signIn.isWaiting(turn)) ? sentences.codeMisspelt : sentences.unknown),
      );
    case "send misspelt":
      return privately((turn) => turn.say(sentences.sendUsage));
    case "open issue misspelt":
      return privately((turn) => turn.say(sentences.openIssueUsage));
    case "cancel":
      return openly((turn, signIn) => signIn.cancel(turn));
    case "sign out":
      return openly((turn, signIn) => signIn.signOut(turn, command.of));
    case "sign-in error":
      return openly((turn, signIn) => signIn.explainError(turn, command.text));
    case "help":
      return openly((turn, signIn) => turn.say(signIn.introduction.help, signIn.introduction.replies));
    case "unknown":
      return openly(async (turn, signIn) =>
        turn.say((await signIn.isWaiting(turn)) ? `${sentences.unknown} ${sentences.waiting}` : sentences.unknown),
      );
  }
}

/** The request that a text is; undefined where it needs no token. A skill never runs without one: its type asks for it. */
export function requestIn(text: string): SkilledCommand | undefined {
  const meaning = meaningOf(parseCommand(text));
  return meaning.by === "skill" ? meaning.command : undefined;
}

type Give = (Meaning & { by: "answer" })["give"];

const skill = (command: SkilledCommand): Meaning => ({ by: "skill", command });
const openly = (give: Give): Meaning => ({ by: "answer", inGroup: true, give });
const privately = (give: Give): Meaning => ({ by: "answer", inGroup: false, give });
