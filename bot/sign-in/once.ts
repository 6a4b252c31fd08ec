import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { turnTime } from "../../contract/turn";
import { Deadline, lastWords, turnEnd, until } from "../deadline";
import { BotError } from "../error";
import type { Log } from "../log";
import { finishClaim, type Found, releaseClaim, stateOfClaim, takeClaim } from "./claim";
import { type Holder } from "./sign-in-record";
import { sentenceFor } from "../turn-error";
import { requestLifetime } from "./pending-request";
import { type Pending, type SignInRecord } from "./sign-in-record";
import type { SignInRecords } from "./sign-in-records";
import { sentences } from "./sentences";
import type { Turn } from "../turn";

/**
 * What came of something that a user asked for, and what he is told:
 *
 * - `done`: something was changed;
 * - `read`: nothing was; the text may be private, and is kept nowhere;
 * - `unknown`: it may have been done, nobody knows;
 * - `failed`: nothing was changed;
 * - `asked`: he was asked to sign in, and knows.
 */
export type Outcome = { readonly status?: number } & (
  { readonly ended: "done" | "unknown" | "read" | "failed"; readonly text: string } | { readonly ended: "asked" }
);

/** A claim and the turn that holds it. */
export interface OpenClaim {
  readonly id: string;
  readonly holder: Holder;
}

/**
 * Carries things out once. Every turn that changes something goes through here, with a claim in the user's record that every
 * instance of the bot sees ({@link takeClaim}).
 */
export class Once {
  constructor(
    private readonly records: SignInRecords,
    private readonly log: Log,
    private readonly now: () => Date,
  ) {}

  /**
   * Carries something out and tells the user what came of it, unless another turn does or did. A turn that comes while
   * another one is at it waits for that.
   *
   * Where `work` throws, nothing was changed. Gives the status that an invoke is answered with.
   * Throws `answer-not-said` where something was done, or may have been, and the user could not be told.
   */
  async run(
    turn: Turn,
    id: string,
    mayHave: (pending: Pending | undefined) => string,
    work: (claim: OpenClaim) => Promise<Outcome>,
  ): Promise<number | undefined> {
    const now = this.now().getTime();
    if (turn.sentAt && now - turn.sentAt.getTime() > requestLifetime) {
      await turn.say(sentences.messageTooOld);
      return undefined;
    }
    const claim = { id, holder: { id: randomUUID(), until: now + (turnEnd()?.left ?? turnTime) } };
    const found = await this.take(turn, claim, mayHave);
    if (found.outcome === "too many") await turn.say(sentences.tooManyCommands);
    if (found.outcome === "done") {
      this.log.info({ told: found.answer === undefined }, "delivered again: done already");
      const { answer, status } = found;
      if (answer !== undefined) await lastWords(() => this.tell(turn, claim, answer, status));
      return status;
    }
    if (found.outcome !== "yours") return undefined;
    const outcome = await work(claim).catch((error: Error): Outcome => {
      this.log.error({ err: error }, "turn failed");
      return { ended: "failed", text: sentenceFor(error), status: 500 };
    });
    await lastWords(() => this.end(turn, claim, outcome));
    return outcome.status;
  }

  /** Whether an earlier turn has done this, or is at it. */
  async isTakenUp(turn: Turn, id: string): Promise<boolean> {
    const { claims } = await this.records.read(turn.owner);
    const claim = claims.find((candidate) => candidate.id === id);
    if (claim?.state === "done" && claim.answer === undefined) return true;
    return claim !== undefined && claim.state !== "free" && claim.until > this.now().getTime();
  }

  private async take(turn: Turn, claim: OpenClaim, mayHave: (pending: Pending | undefined) => string): Promise<Found> {
    const { id, holder } = claim;
    const take = (): Promise<Found> =>
      this.records.change(turn.owner, (record) => takeClaim(record, id, holder, this.now().getTime(), mayHave));
    const found = await take();
    if (found.outcome !== "running") return found;
    try {
      return await lastWords(() => this.wait(turn, id, take));
    } catch (cause) {
      // What the other turn does is not known here, and that it tells: the channel has to deliver the activity again.
      throw new BotError("answer-not-said", "Another turn is still at it.", { status: 503, cause });
    }
  }

  /** Waits until the turn that holds a claim has ended, or its time is over. */
  private async wait(turn: Turn, id: string, take: () => Promise<Found>): Promise<Found> {
    for (;;) {
      await sleep(200 + Math.random() * 200);
      const state = stateOfClaim(await this.records.read(turn.owner), id, this.now().getTime());
      if (state === "told") return { outcome: "done" };
      const found = state === "over" ? await take() : undefined;
      if (found && found.outcome !== "running") return found;
      turnEnd()?.check();
    }
  }

  private async end(turn: Turn, claim: OpenClaim, outcome: Outcome): Promise<void> {
    const { id, holder } = claim;
    const { status } = outcome;
    if (outcome.ended === "asked") return this.note(turn, (record) => finishClaim(record, id, holder, { status }));
    if (outcome.ended === "done" || outcome.ended === "unknown") return this.tell(turn, claim, outcome.text, status);
    try {
      await turn.say(outcome.text);
    } catch (error) {
      await this.note(turn, (record) => releaseClaim(record, id, holder, false));
      throw error;
    }
    await this.note(turn, (record) =>
      outcome.ended === "read" ? finishClaim(record, id, holder, { status }) : releaseClaim(record, id, holder, true),
    );
  }

  /** Tells the answer; where that fails it is kept, so that a later delivery's turn can. */
  private async tell(turn: Turn, { id, holder }: OpenClaim, answer: string, status?: number): Promise<void> {
    try {
      await turn.say(answer);
    } catch (cause) {
      const now = { ...holder, until: this.now().getTime() };
      await this.note(turn, (record) => finishClaim(record, id, now, { answer, status }));
      throw new BotError("answer-not-said", "The user could not be told what was done.", { status: 502, cause });
    }
    await this.note(turn, (record) => finishClaim(record, id, holder, { status }));
  }

  /** Writes into the record how something ended: after the turn, where its time does not suffice. */
  private async note({ owner }: Turn, apply: (record: SignInRecord) => SignInRecord): Promise<void> {
    const write = (): Promise<void> =>
      this.records.change(owner, (record) => ({ record: apply(record), found: undefined }));
    const failed = (error: unknown): void => this.log.error({ err: error }, "the outcome of a turn could not be kept");
    try {
      await write();
    } catch {
      void until(new Deadline(turnTime), write).catch(failed);
    }
  }
}
