import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import type { Calls, StandIn } from "./stand-in";

/** Messages that one conversation gets before the next one begins: what a person sends in a visit. */
const messagesPerVisit = 10;

/** What came of a load. */
export interface Load {
  /** Milliseconds that each turn took. */
  readonly took: readonly number[];
  readonly milliseconds: number;
}

/** How long a load goes on: for a time, or for a number of turns. */
export interface Length {
  readonly milliseconds?: number;
  readonly turns?: number;
}

/** Delivers messages to a host, `users` at once, each as soon as the last is answered. Throws on any refusal. */
export async function load(
  address: string,
  standIn: StandIn,
  serviceUrl: string,
  { milliseconds = Infinity, turns = Infinity }: Length,
  users: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const began = performance.now();
  const visit = async (): Promise<void> => {
    const user = randomUUID();
    for (let message = 0; performance.now() - began < milliseconds && took.length < turns; message++) {
      const conversation = `${user}-${Math.floor(message / messagesPerVisit)}`;
      const sent = performance.now();
      const status = await deliver(address, messageIn(conversation, serviceUrl), standIn.channelToken, agent);
      took.push(performance.now() - sent);
      if (status !== 200) throw new Error(`A turn of ${address} was answered ${status}.`);
    }
  };
  try {
    await Promise.all(Array.from({ length: users }, visit));
    return { took, milliseconds: performance.now() - began };
  } finally {
    agent.destroy();
  }
}

/** Delivers one activity; gives the status of its answer. */
export function deliver(address: string, activity: object, token: string | undefined, agent?: Agent): Promise<number> {
  const body = JSON.stringify(activity);
  return new Promise((done, failed) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    request(address, { method: "POST", headers, ...(agent && { agent }) }, (response) => {
      response.resume().on("end", () => done(response.statusCode ?? 0));
    })
      .on("error", failed)
      .end(body);
  });
}

export function messageIn(conversation: string, serviceUrl: string): object {
  return {
    type: "message",
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    channelId: "directline",
    serviceUrl,
    conversation: { id: conversation },
    from: { id: `dl_${conversation}`, name: "Ada" },
    recipient: { id: "bot@handle", name: "Bot" },
    text: "send sam@contoso.example The minutes of Monday",
    textFormat: "plain",
    locale: "en-GB",
  };
}

/** Throws unless exactly what so many turns need was called. */
export function assertCalls(host: string, turns: number, each: Calls, calls: Calls): void {
  const wrong = [...new Set([...Object.keys(each), ...Object.keys(calls)])].filter(
    (name) => (calls[name] ?? 0) !== turns * (each[name] ?? 0),
  );
  if (wrong.length === 0) return;
  const counts = wrong.map((name) => `${name}: ${calls[name] ?? 0} instead of ${turns * (each[name] ?? 0)}`);
  throw new Error(`${host} did not do the same work in ${turns} turns. ${counts.join(", ")}.`);
}
