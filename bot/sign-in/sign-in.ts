import type { Connection } from "../../contract/connection";
import { introductionOf, type Introduction } from "../introduction";
import { type Log, logText } from "../log";
import type { Settings } from "../settings";
import type { SkilledCommand } from "../skills/skill";
import type { Turn } from "../turn";
import { Accounts } from "./accounts";
import { signInCard } from "./card";
import { claimId } from "./claim";
import { clientFailureOf } from "./client-failures";
import type { CodeCounter } from "./code-attempts";
import { entraErrorIn, fixOfEntraError, meaningOfEntraError } from "./entra-errors";
import { Once, type OpenClaim, type Outcome } from "./once";
import { failSingleSignOn, forget, take } from "./pending-request";
import { Requests, type Wanted } from "./requests";
import { sentences } from "./sentences";
import { serviceOf } from "./services";
import type { Owner, SignInRecords } from "./sign-in-records";
import { SignOut } from "./sign-out";

/**
 * The sign-in of users: asks for it, completes it in each of the ways a channel has, and carries out what was asked for.
 *
 * It stands on the SDK's Token Service client alone. The SDK's own sign-in handler is no guard (a request from a second
 * conversation runs without a token), takes every message for a code while a sign-in waits, and leaves Direct Line
 * without invoke answers.
 */
export class SignIn {
  private readonly once: Once;
  private readonly requests: Requests;
  private readonly signOuts: SignOut;
  readonly accounts: Accounts;
  /** How the bot introduces itself, with what its connections let it do. */
  readonly introduction: Introduction;

  constructor(
    private readonly settings: Pick<Settings, "connections" | "tenantId" | "chatSignedInTo">,
    private readonly records: SignInRecords,
    private readonly codes: CodeCounter,
    /** Reads what waited for a sign-in; undefined where the words are no request any more. */
    readRequest: (text: string) => SkilledCommand | undefined,
    /** Ends whatever else ends with a user's sign-out. */
    endSession: (owner: Owner) => Promise<void>,
    private readonly log: Log,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.once = new Once(records, log, now);
    this.requests = new Requests(settings.connections, records, readRequest, log, now);
    this.signOuts = new SignOut(settings, records, this.once, endSession, log);
    this.accounts = new Accounts(settings.connections, log);
    this.introduction = introductionOf(settings.connections);
  }

  private get connections(): readonly Connection[] {
    return this.settings.connections;
  }

  /** Carries out a request that needs a token, or asks the user to sign in and remembers the request. */
  async request(turn: Turn, wanted: Wanted): Promise<void> {
    const mayHave = wanted.command.mayHaveHappened;
    if (mayHave === undefined) return told(turn, await this.requests.carryOut(turn, wanted));
    await this.once.run(
      turn,
      claimId("activity", turn.id),
      () => mayHave,
      ({ id }) => this.requests.carryOut(turn, wanted, id),
    );
  }

  /** A six-digit code that the user typed, or that Teams passed on. Gives the status of the answer to Teams' invoke. */
  async redeem(turn: Turn, code: string): Promise<number> {
    const id = claimId("activity", turn.id);
    return (
      (await this.once.run(turn, id, this.requests.mayHaveHappened, (claim) => this.tryCode(turn, code, claim))) ?? 200
    );
  }

  private async tryCode(turn: Turn, code: string, claim: OpenClaim): Promise<Outcome> {
    const pending = (await this.records.read(turn.owner)).pending.toReversed();
    // A code names no connection, nor does Teams: the newest request's is the likeliest.
    let told: string = sentences.noCodeExpected;
    for (const { connection } of pending) {
      const refusal = await this.tryCodeOf(turn, connection, code);
      if (refusal === undefined) return this.complete(turn, connection, claim);
      if (told === sentences.noCodeExpected) told = refusal;
    }
    // Where the page behind a client's window has redeemed the code itself, or the user has signed in in another
    // conversation, the token is there already: https://github.com/microsoft/Agents-for-js/issues/853
    for (const { connection } of pending) {
      if (await turn.tokens.token(connection)) return this.complete(turn, connection, claim);
    }
    const text = [told, ...this.errorMeant(code)].join("\n\n");
    return { ended: "done", text, status: 412 };
  }

  /** What Entra's error of this number means: some of its numbers have six digits, as a code has. */
  private errorMeant(digits: string): string[] {
    const meaning = meaningOfEntraError(`AADSTS${digits}`);
    return meaning === undefined ? [] : [sentences.signInError(`AADSTS${digits}`, meaning)];
  }

  /** Tries a code for one connection. Gives what to say where it is not right, or too many were tried. */
  private async tryCodeOf(turn: Turn, connection: string, code: string): Promise<string | undefined> {
    const { channelId, userId } = turn.owner;
    const attempt = await this.codes.count({ channelId, userId, connection }, this.now());
    if (!attempt.allowed) {
      this.log.warn({ connection, wait: attempt.wait }, "sign-in code not tried: too many were");
      return sentences.tooManyCodes(attempt.wait);
    }
    if (await turn.tokens.token(connection, code)) return undefined;
    this.log.info({ connection, left: attempt.left }, "wrong sign-in code");
    return attempt.left > 0 ? sentences.wrongCode(attempt.left) : sentences.tooManyCodes(attempt.wait);
  }

  /**
   * The channel says that the Token Service has the user's token. The token in the event is not used: a client of
   * Direct Line can send an event of any content.
   */
  async tokenArrived(turn: Turn, connectionName: unknown): Promise<void> {
    const connection = this.connections.find(({ name }) => name === connectionName)?.name;
    if (!connection) return this.log.warn("a tokens/response event names no connection of this bot");
    await this.once.run(turn, claimId("activity", turn.id), this.requests.mayHaveHappened, async (claim) =>
      (await turn.tokens.token(connection))
        ? this.complete(turn, connection, claim)
        : { ended: "failed", text: sentences.notCompleted },
    );
  }

  /**
   * Single sign-on: the client offers a token of its own. Gives the status of the invoke's answer, which every client of the
   * user gets: Teams sends the same exchange from each of them, and again once the user has consented. It is tried first and
   * counts as taken up only when it worked, so that a consent that is still missing costs the user nothing.
   */
  async exchange(
    turn: Turn,
    value: { id?: unknown; connectionName?: unknown; token?: unknown },
  ): Promise<200 | 400 | 412> {
    const { id, connectionName, token } = value;
    const connection = this.connections.find(({ name }) => name === connectionName)?.name;
    if (!connection || typeof id !== "string" || typeof token !== "string" || !id || !token) return 400;
    const exchange = claimId("exchange", id);
    try {
      if (await this.once.isTakenUp(turn, exchange)) return 200;
      if (!(await turn.tokens.exchange(connection, token))) return 412;
    } catch (error) {
      this.log.warn({ err: error, connection }, "single sign-on failed");
      return 400;
    }
    await this.once.run(turn, exchange, this.requests.mayHaveHappened, (claim) =>
      this.complete(turn, connection, claim),
    );
    return 200;
  }

  /**
   * The client could not sign the user in by itself, and may show him nothing at all: he gets a card that he can press, once,
   * however many clients of his say so.
   */
  async clientFailed(turn: Turn, { code, message }: { code?: unknown; message?: unknown }): Promise<void> {
    const found = await this.records.change(turn.owner, failSingleSignOn);
    const pending = found === "told" ? undefined : found;
    const failure = clientFailureOf(code);
    const what = {
      code: logText(code),
      detail: logText(message),
      connection: pending?.connection,
      fix: failure?.fix,
    };
    this.log.warn(what, "the client could not sign the user in");
    if (found === "told") return;
    const connection = this.connections.find(({ name }) => name === pending?.connection);
    if (!connection) return turn.say(failure ? `${failure.user} ${sentences.askAgain}` : sentences.signInFailed);
    const answer = await turn.tokens.tokenOrSignIn(connection.name);
    if ("token" in answer) return;
    const why = failure?.user ?? sentences.clientFailed;
    const choice = { service: serviceOf(connection, this.connections), why, singleSignOn: false };
    await turn.show(signInCard(connection, answer.signIn, choice));
  }

  /** Signs the user out: of all connections, or of what he names. */
  signOut(turn: Turn, of?: string): Promise<void> {
    return this.signOuts.run(turn, of);
  }

  /** Tells the user what an error of the sign-in page means for him, and the log what is to be done about it. */
  explainError(turn: Turn, text: string): Promise<void> {
    const error = entraErrorIn(text) ?? "";
    const [meaning, fix] = [meaningOfEntraError(text), fixOfEntraError(text)];
    const known = meaning !== undefined;
    this.log[fix || !known ? "warn" : "info"]({ error, known, fix }, "a user met an error on the sign-in page");
    return turn.say(sentences.signInError(error, meaning));
  }

  /** Forgets what waits for the user to sign in. A sign-in that ends later still counts as one. */
  async cancel(turn: Turn): Promise<void> {
    const waited = await this.records.change(turn.owner, (record) => ({
      record: forget(record).record,
      found: record.pending.length > 0,
    }));
    this.log.info({ waited }, "cancelled");
    await turn.say(waited ? sentences.cancelled : sentences.nothingToCancel);
  }

  /** Whether a code of this user can mean something: a request of his waits in this conversation. */
  async expectsCode(turn: Turn): Promise<boolean> {
    return (await this.records.read(turn.owner)).pending.length > 0;
  }

  /** Whether a request of this user waits here, and he has signed in for it neither here nor in another conversation. */
  async isWaiting(turn: Turn): Promise<boolean> {
    const { pending } = await this.records.read(turn.owner);
    const tokens = await Promise.all(
      pending.map(({ connection }) => turn.tokens.token(connection).catch(() => undefined)),
    );
    return tokens.includes(undefined);
  }

  /** The user is signed in: carries out what he asked for before. */
  private async complete(turn: Turn, connection: string, { id, holder }: OpenClaim): Promise<Outcome> {
    const taken = await this.records.change(turn.owner, (record) => take(record, connection, id, holder, this.now()));
    this.log.info({ connection, request: taken.outcome }, "signed in");
    if (taken.outcome === "request") return this.requests.carryOutWaiting(turn, taken.request, id);
    return { ended: "done", text: taken.outcome === "too late" ? sentences.tooLate : sentences.signedIn };
  }
}

/** What the user is told of an outcome that no claim keeps. */
async function told(turn: Turn, outcome: Outcome): Promise<void> {
  if (outcome.ended !== "asked") await turn.say(outcome.text);
}
