import { soon } from "../../support/soon";
import { knownMistakes } from "../../../contract/known-mistakes";
import type { LocalAzure } from "../../../local/azure/azure";
import type { Exchange } from "../../../local/azure/exchange";

/**
 * A test that makes a known mistake, the way a person makes it. Its name and what it expects stand in the list of known
 * mistakes: who refuses it, with which status and code, and the words that name the fix.
 * @param azure the local Azure in which it is made, once there is one
 * @param make makes it, and gives what the bot or the program then says
 */
export function mistake(number: number, azure: () => LocalAzure, make: () => Promise<string>): void {
  const known = knownMistakes.find((one) => one.number === number);
  if (known?.told === undefined) throw new Error(`the list has no mistake ${number} that is made on purpose`);
  const { cause, says: words, refusal, told } = known;
  test(`${number}: ${cause}: the ${told} names the fix`, async () => {
    const since = azure().trace.exchanges().at(-1)?.number ?? 0;
    expect(await make()).toContain(words);
    if (!refusal) return;
    const refused = (exchange: Exchange): boolean =>
      exchange.service === refusal.by && exchange.status === refusal.status && says(exchange).includes(refusal.code);
    const seen = await soon(() => azure().trace.exchanges(since).find(refused));
    expect({ by: seen?.service, status: seen?.status, code: refusal.code }).toEqual(refusal);
  });
}

/** What an exchange says: the answer's body, and the address, which can hold an error. */
function says({ responseBody = "", url }: Exchange): string {
  return `${responseBody}\n${decodeURIComponent(url.replaceAll("+", " "))}`.replaceAll("&#39;", "'");
}
