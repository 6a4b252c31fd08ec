import { setTimeout as sleep } from "node:timers/promises";
import type { LocalAzure } from "../../../local/azure/azure";
import { Chat } from "../../support/chat";
import { connectThisProcess } from "../../support/deployed";
import { Person } from "../../support/person";
import { openChatPage } from "../../support/sign-in";

/** What happened to a bot that is asked once a second. */
export interface Busy {
  readonly asked: number;
  /** What failed, each with the second in which it did. */
  readonly failures: readonly string[];
  /** How often the bot asked Entra for a token of its own, and what else than a token it got. */
  readonly tokens: number;
  readonly refusals: readonly string[];
}

/**
 * Asks the bot once a second while something goes on: a message in an open chat, which it answers with a token that it asks
 * Entra for each time, and the chat page of the same browser for a token of Direct Line.
 */
export async function busyWhile<Result>(
  azure: LocalAzure,
  chatAddress: string,
  run: () => Promise<Result>,
): Promise<readonly [Result, Busy]> {
  const disconnect = await connectThisProcess(azure, "browser");
  const person = new Person();
  const chat = new Chat(await openChatPage(person, chatAddress));
  const cookies = JSON.stringify(person.cookies.map(({ value }) => value.split(".")[0]));
  const failures: string[] = [];
  const since = azure.trace.exchanges().at(-1)?.number;
  const asking: Promise<void>[] = [];
  let running = true;
  let asked = 0;
  try {
    await chat.opened();
    const began = performance.now();
    const failed = (what: string) => (error: unknown) =>
      void failures.push(`${what} at ${Math.round((performance.now() - began) / 1_000)} s: ${String(error)}`);
    const everySecond = async (): Promise<void> => {
      while (running) {
        asked += 1;
        asking.push(
          chat
            .say("help")
            .then((id) => {
              if (id === "retry") throw new Error("Direct Line could not deliver it");
            })
            .catch(failed("message")),
          openChatPage(person, chatAddress)
            .then(() => {
              const now = JSON.stringify(person.cookies.map(({ value }) => value.split(".")[0]));
              if (now !== cookies) throw new Error("the browser became another user");
            })
            .catch(failed("chat page")),
        );
        await sleep(1_000);
      }
    };
    const loop = everySecond();
    const result = await run();
    running = false;
    await loop;
    await Promise.all(asking);
    // The last answers.
    await chat.ask("help");
    const tokens = azure.trace
      .exchanges(since)
      .filter(({ caller, url }) => caller === "bot" && /login\.microsoftonline\.com\/.*\/token(\?|$)/.test(url));
    const refusals = tokens
      .filter(({ status }) => status !== 200)
      .map(({ responseBody = "" }) => responseBody.slice(0, 200));
    return [result, { asked, failures, tokens: tokens.length, refusals }];
  } finally {
    running = false;
    chat.end();
    disconnect();
  }
}
