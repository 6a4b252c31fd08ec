import type { Connection } from "../../contract/connection";
import { BotError } from "../error";
import type { Log } from "../log";
import { plain } from "../skills/markdown";
import { skillFacts } from "../skills/skill";
import { capital, sentences } from "./sentences";
import { explain, nameOf } from "./services";
import type { Turn } from "../turn";

/** Where a user is signed in, and as whom. */
export class Accounts {
  constructor(
    private readonly connections: readonly Connection[],
    private readonly log: Log,
  ) {}

  /** Tells which account the user is signed in with, for each connection that has a skill. */
  async whoAmI(turn: Turn): Promise<void> {
    const skilled = this.connections.filter(({ skill }) => skill !== undefined);
    const told = await Promise.all(
      skilled.map(async (connection) => ({ connection, ...(await this.account(turn, connection)) })),
    );
    if (told.every(({ who, problem }) => who === undefined && problem === undefined)) {
      return turn.say(sentences.notSignedIn);
    }
    const [only] = told;
    if (told.length === 1 && only?.who !== undefined) return turn.say(sentences.signedInAs(only.who));
    if (told.length === 1 && only?.problem !== undefined) return turn.say(only.problem);
    const lines = told.map(
      ({ connection, who, problem }) =>
        `- ${capital(nameOf(connection))}: ${who ?? problem ?? sentences.notSignedInThere}`,
    );
    await turn.say(lines.join("\n"));
  }

  /** The account of one connection, or why it cannot be told. */
  private async account(turn: Turn, connection: Connection): Promise<{ who?: string; problem?: string }> {
    const token = await turn.tokens.token(connection.name);
    if (!token || !connection.skill) return {};
    try {
      return { who: await skillFacts[connection.skill].whoAmI(token, connection) };
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      this.log.warn({ err: error, connection: connection.name }, "account not told");
      if (error.code !== "service-token-refused")
        return { problem: explain(error, skillFacts[connection.skill].service) };
      await turn.tokens.signOut(connection.name);
      return {};
    }
  }

  /** Lists the bot's connections, and where the user is signed in. */
  async tellConnections(turn: Turn): Promise<void> {
    const lines = await Promise.all(
      this.connections.map(async (connection) => {
        const state = (await turn.tokens.token(connection.name)) ? "signed in" : sentences.notSignedInThere;
        return `- **${plain(connection.name)}** (${capital(nameOf(connection))}): ${state}`;
      }),
    );
    await turn.say(lines.join("\n"));
  }
}
