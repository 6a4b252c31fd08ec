import { CardFactory } from "@microsoft/agents-hosting";
import type { Connection } from "../../contract/connection";
import { parseCommand } from "../commands";
import { BotError } from "../error";
import type { Log } from "../log";
import { plain } from "../skills/markdown";
import { type SkilledCommand, skillOf } from "../skills/skill";
import type { CodeCounter } from "./code-attempts";
import { ask, claimExchange, forget, take } from "./record";
import type { SignInRecords } from "./records";
import { sentences } from "./sentences";
import type { Turn } from "./turn";

/**
 * The sign-in of users: asks for it, completes it in each of the ways a channel has, and carries out what was asked for.
 *
 * It stands on the SDK's Token Service client alone. The SDK's own sign-in handler is no guard (a request from a second
 * conversation runs without a token), takes every message for a code while a sign-in waits, and leaves Direct Line
 * without invoke answers.
 */
export class SignIn {
  constructor(
    private readonly connections: readonly Connection[],
    private readonly records: SignInRecords,
    private readonly codes: CodeCounter,
    private readonly log: Log,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Carries out a request that needs a token, or asks the user to sign in and remembers the request. */
  async request(turn: Turn, text: string): Promise<void> {
    const command = skillOf(parseCommand(text));
    const connection = command && this.connectionOf(command);
    if (!command || !connection) return turn.say(sentences.noConnection);
    if (!command.asksToSignIn) {
      const token = await turn.tokens.token(connection);
      return token ? this.run(turn, command, connection, text, token) : turn.say(sentences.notSignedIn);
    }
    const answer = await turn.tokens.tokenOrSignIn(connection);
    if ("token" in answer) return this.run(turn, command, connection, text, answer.token);
    await this.records.change(turn.owner, (record) => ask(record, connection, text, this.now()));
    await turn.show(CardFactory.oauthCard(connection, sentences.cardTitle, sentences.cardText, answer.signIn));
  }

  /** A six-digit code that the user typed, or that Teams passed on. Gives whether it was right. */
  async redeem(turn: Turn, code: string): Promise<boolean> {
    const { pending } = await this.records.read(turn.owner);
    if (!pending) {
      await turn.say(sentences.noCodeExpected);
      return false;
    }
    const { connection } = pending;
    const { channelId, userId } = turn.owner;
    const attempt = await this.codes.count({ channelId, userId, connection }, this.now());
    if (!attempt.allowed) {
      this.log.warn({ connection, wait: attempt.wait }, "sign-in code not tried: too many were");
      await turn.say(sentences.tooManyCodes(attempt.wait));
      return false;
    }
    if (!(await turn.tokens.token(connection, code))) {
      this.log.info({ connection, left: attempt.left }, "wrong sign-in code");
      await turn.say(attempt.left > 0 ? sentences.wrongCode(attempt.left) : sentences.tooManyCodes(attempt.wait));
      return false;
    }
    await this.complete(turn, connection);
    return true;
  }

  /**
   * The channel says that the Token Service has the user's token. The token in the event is not used: a client of
   * Direct Line can send an event of any content.
   */
  async tokenArrived(turn: Turn, connectionName: unknown): Promise<void> {
    const connection = this.connections.find(({ name }) => name === connectionName)?.name;
    if (!connection) return this.log.warn("a tokens/response event names no connection of this bot");
    if (await turn.tokens.token(connection)) return this.complete(turn, connection);
    await turn.say(sentences.notCompleted);
  }

  /** Single sign-on: the client offers a token of its own. Gives the status of the invoke's answer. */
  async exchange(
    turn: Turn,
    value: { id?: unknown; connectionName?: unknown; token?: unknown },
  ): Promise<200 | 400 | 412> {
    const { id, connectionName, token } = value;
    const connection = this.connections.find(({ name }) => name === connectionName)?.name;
    if (!connection || typeof id !== "string" || typeof token !== "string" || !id || !token) return 400;
    if (!(await this.records.change(turn.owner, (record) => claimExchange(record, id)))) return 200;
    if (!(await turn.tokens.exchange(connection, token))) return 412;
    await this.complete(turn, connection);
    return 200;
  }

  async signOut(turn: Turn): Promise<void> {
    for (const { name } of this.connections) await turn.tokens.signOut(name);
    await this.records.change(turn.owner, forget);
    await turn.say(sentences.signedOut);
  }

  /** Whether a request of this user waits in this conversation. */
  async isWaiting(turn: Turn): Promise<boolean> {
    return (await this.records.read(turn.owner)).pending !== undefined;
  }

  private async complete(turn: Turn, connection: string): Promise<void> {
    const taken = await this.records.change(turn.owner, (record) => take(record, connection, this.now()));
    this.log.info({ connection, request: taken.kind }, "signed in");
    if (taken.kind === "request") return this.request(turn, taken.request);
    await turn.say(taken.kind === "too late" ? sentences.tooLate : sentences.signedIn);
  }

  private async run(
    turn: Turn,
    command: SkilledCommand,
    connection: string,
    text: string,
    token: string,
  ): Promise<void> {
    try {
      await turn.say(await command.run(token));
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      this.log.warn({ err: error, connection }, "skill failed");
      if (error.code === "graph_token_refused") return this.signInAgain(turn, connection, text);
      await turn.say(explain(error));
    }
  }

  /** The token that the Token Service had is no good: it is given back, and the user is asked again. */
  private async signInAgain(turn: Turn, connection: string, text: string): Promise<void> {
    await turn.tokens.signOut(connection);
    const answer = await turn.tokens.tokenOrSignIn(connection);
    // A token right after a sign-out would be refused as well; asking on and on would never end.
    if ("token" in answer) return turn.say(sentences.tokenRefusedAgain);
    await this.records.change(turn.owner, (record) => ask(record, connection, text, this.now()));
    await turn.say(sentences.tokenRefused);
    await turn.show(CardFactory.oauthCard(connection, sentences.cardTitle, sentences.cardText, answer.signIn));
  }

  private connectionOf(command: SkilledCommand): string | undefined {
    return this.connections.find(({ skill }) => skill === command.skill)?.name;
  }
}

function explain(error: BotError): string {
  switch (error.code) {
    case "graph_permission_missing":
      return sentences.permissionMissing(error.subject ?? "unknown");
    case "graph_request_refused":
      return sentences.requestRefused(plain(error.subject ?? ""));
    default:
      return sentences.graphUnavailable;
  }
}
