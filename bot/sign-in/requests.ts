import type { SignInResource } from "@microsoft/agents-hosting";
import type { Connection } from "../../contract/connection";
import { turnDeadline } from "../deadline";
import { BotError } from "../error";
import type { Log } from "../log";
import { type SkilledCommand, skillFacts } from "../skills/skill";
import type { Turn } from "../turn";
import { signInCard } from "./card";
import type { Outcome } from "./once";
import { ask } from "./pending-request";
import { sentences } from "./sentences";
import { explain, serviceOf } from "./services";
import type { Pending } from "./sign-in-record";
import type { SignInRecords } from "./sign-in-records";

/** What a user asks for that needs a token, and the words in which he did: a sign-in later, they are read again. */
export interface Wanted {
  readonly command: SkilledCommand;
  readonly text: string;
}

/** A request on its way, and the claim under which it is carried out. */
interface Request extends Wanted {
  readonly connection: Connection;
  readonly claim?: string | undefined;
}

/** Carries out what users ask for, or asks them to sign in for it and remembers what they asked for. */
export class Requests {
  constructor(
    private readonly connections: readonly Connection[],
    private readonly records: SignInRecords,
    /** Reads what waited for a sign-in; undefined where the words are no request any more. */
    private readonly readRequest: (text: string) => SkilledCommand | undefined,
    private readonly log: Log,
    private readonly now: () => Date,
  ) {}

  /** Carries a request out. `claim`: the claim under which that is done. */
  async carryOut(turn: Turn, wanted: Wanted, claim?: string): Promise<Outcome> {
    const connection = this.connectionOf(wanted.command);
    if (!connection) return noConnection;
    const request = { ...wanted, connection, claim };
    const answer = await turn.tokens.tokenOrSignIn(connection.name);
    return "token" in answer ? this.run(turn, request, answer.token) : this.askToSignIn(turn, request, answer.signIn);
  }

  private async run(turn: Turn, request: Request, token: string): Promise<Outcome> {
    const { command, connection } = request;
    const { name } = connection;
    const deadline = turnDeadline();
    deadline?.check();
    try {
      const running = command.run(token, connection);
      const text = await (deadline ? deadline.race(running, notEnded()) : running);
      return { ended: command.mayHaveHappened === undefined ? "read" : "done", text };
    } catch (error) {
      const known = error instanceof BotError && error.code !== "outcome-unknown";
      if (!known && command.mayHaveHappened !== undefined) {
        this.log.error({ err: error, connection: name }, "nobody knows whether it was done");
        return { ended: "unknown", text: command.mayHaveHappened };
      }
      if (!(error instanceof BotError)) throw error;
      this.log.warn({ err: error, connection: name }, "skill failed");
      if (error.code === "service-token-refused") return this.signInAgain(turn, request);
      return { ended: "failed", text: explain(error, skillFacts[command.skill].service) };
    }
  }

  /** The token that the Token Service had is no good: it is given back, and the user is asked again. */
  private async signInAgain(turn: Turn, request: Request): Promise<Outcome> {
    const { name } = request.connection;
    await turn.tokens.signOut(name);
    const answer = await turn.tokens.tokenOrSignIn(name);
    // A token right after a sign-out would be refused as well; asking on and on would never end.
    if ("token" in answer) {
      return { ended: "failed", text: sentences.tokenRefusedAgain(skillFacts[request.command.skill].service) };
    }
    return this.askToSignIn(turn, request, answer.signIn, sentences.tokenRefused);
  }

  private async askToSignIn(
    turn: Turn,
    { connection, text, claim }: Request,
    signIn: SignInResource,
    why?: string,
  ): Promise<Outcome> {
    const { name } = connection;
    const singleSignOn = signIn.tokenExchangeResource === undefined ? undefined : "offered";
    await this.records.change(turn.owner, (record) => ask(record, name, text, this.now(), { claim, singleSignOn }));
    if (why !== undefined) await turn.say(why);
    await turn.show(signInCard(connection, signIn, { service: serviceOf(connection, this.connections) }));
    return { ended: "asked" };
  }

  /** Carries out what waited for a sign-in, under this claim. */
  carryOutWaiting(turn: Turn, text: string, claim: string): Promise<Outcome> {
    const command = this.readRequest(text);
    return command ? this.carryOut(turn, { command, text }, claim) : Promise.resolve(noConnection);
  }

  /** What the user reads where a turn that completed his sign-in was lost: `pending` is what it was carrying out. */
  readonly mayHaveHappened = (pending: Pending | undefined): string =>
    (pending && this.readRequest(pending.request))?.mayHaveHappened ?? sentences.mayBeSignedIn;

  private connectionOf(command: SkilledCommand): Connection | undefined {
    return this.connections.find(({ skill }) => skill === command.skill);
  }
}

const noConnection: Outcome = { ended: "failed", text: sentences.noConnection };

/** A skill that does not end with its turn, however its calls keep to the deadline. */
const notEnded = (): { reason: BotError; grace: number } => ({
  reason: new BotError("outcome-unknown", "The skill did not end with its turn."),
  grace: 250,
});
