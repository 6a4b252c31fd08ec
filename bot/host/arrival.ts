import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { BotError } from "../error";

/** What the channel's token says, once its signature, issuer, audience and times hold. */
export interface ChannelClaims {
  readonly iss: string;
  readonly aud: string;
  /** Where the channel wants the answers. */
  readonly serviceurl: string;
  /** Id of the key that signed the token. */
  readonly kid?: string;
}

/** The fields that the checks read; the others are as the SDK's schema says. */
export interface IncomingActivity extends Record<string, unknown> {
  readonly type: string;
  readonly channelId: string;
  readonly serviceUrl: string;
  readonly conversation: { readonly id: string };
  readonly from: { readonly id: string };
  readonly recipient: { readonly id: string; readonly role?: unknown };
  readonly entities?: readonly { readonly type: string; readonly id?: unknown }[];
}

/** A request to the messages route on its way through the checks; each check may add what it found. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly stream: Readable;
  bearer?: string;
  claims?: ChannelClaims;
  body?: string;
  activity?: IncomingActivity;
}

/** Lets an arrival pass or throws a {@link BotError} whose `status` is the answer. */
export interface Check {
  readonly name: string;
  run(arrival: Arrival): void | Promise<void>;
}

/** The refusal of a check. `reason` may be shown to the caller: it holds nothing of the bot's. `fix` goes to the log. */
export function refuse(status: number, reason: string, fix?: string): BotError {
  return new BotError("request-refused", reason, { status, ...(fix && { fix }) });
}

/** Runs the checks one after the other; the first that refuses ends it. */
export async function pass(arrival: Arrival, checks: readonly Check[]): Promise<IncomingActivity> {
  for (const check of checks) {
    try {
      await check.run(arrival);
    } catch (error) {
      if (error instanceof BotError)
        throw new BotError(error.code, error.message, {
          status: error.status,
          subject: check.name,
          ...(error.fix && { fix: error.fix }),
          cause: error.cause,
        });
      throw error;
    }
  }
  if (!arrival.activity) throw refuse(400, "The request holds no activity.");
  return arrival.activity;
}
