import { setTimeout as sleep } from "node:timers/promises";
import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { lastWordsTime, turnTime } from "../contract/turn";
import { Deadline, turnDeadline, until } from "./deadline";
import { BotError } from "./error";
import { mustBeNew } from "./storage";

/** A change that waits to be written, and who waits for it. */
interface Waiting {
  readonly apply: (record: object) => { readonly record: object; readonly found: unknown };
  readonly deadline: Deadline;
  done(found: unknown): void;
  failed(error: unknown): void;
}

/** The changes of each item that wait in this process. */
const queues = new WeakMap<Storage, Map<string, Waiting[]>>();

/** Milliseconds between two tries when another instance wrote first: a random time up to the first, doubled up to the last. */
const pause = { first: 20, last: 500 };

/**
 * Applies a pure change to an item of the state and gives what it found: atomic, over all instances of the bot. Changes of
 * one item that wait at the same time are written at once. Where another instance wrote meanwhile they are made again, on
 * what that left, after a random time. A change that gives back the record it got writes nothing.
 *
 * A write whose answer is lost is made again: a change has to know its own work. `read` makes a record of what is stored,
 * undefined where nothing is. Throws `turn-out-of-time` where the turn's time ends first.
 */
export function changeItem<Item extends object, Found>(
  storage: Storage,
  key: string,
  read: (item: StoreItem | undefined) => Item,
  apply: (record: Item) => { readonly record: Item; readonly found: Found },
): Promise<Found> {
  const deadline = turnDeadline() ?? new Deadline(turnTime - lastWordsTime);
  const made = new Promise<Found>((done, failed) => {
    const waiting: Waiting = {
      apply: (record) => apply(record as Item),
      deadline,
      done: (found) => done(found as Found),
      failed,
    };
    const items = queues.get(storage) ?? new Map<string, Waiting[]>();
    queues.set(storage, items);
    const queue = items.get(key);
    if (queue) return queue.push(waiting);
    const fresh = [waiting];
    items.set(key, fresh);
    void write(storage, key, read, items, fresh);
  });
  return deadline.race(made);
}

/** Writes what waits until nothing does. Never throws: every change is told of its end. */
async function write(
  storage: Storage,
  key: string,
  read: (item: StoreItem | undefined) => object,
  queues: Map<string, Waiting[]>,
  queue: Waiting[],
): Promise<void> {
  for (let conflicts = 0; drop(queue) > 0;) {
    const batch = [...queue];
    const last = batch.reduce((one, other) => (other.deadline.at > one.deadline.at ? other : one)).deadline;
    let outcome: { found: unknown[] } | { error: unknown } | undefined;
    try {
      const found = await until(last, () => last.race(writeOnce(storage, key, read, batch)));
      outcome = { found };
    } catch (error) {
      if (!isConflict(error)) outcome = { error };
    }
    if (outcome) {
      conflicts = 0;
      queue.splice(0, batch.length);
      batch.forEach(({ done, failed }, at) => ("found" in outcome ? done(outcome.found[at]) : failed(outcome.error)));
    } else {
      await sleep(Math.random() * Math.min(pause.last, pause.first * 2 ** conflicts++));
    }
  }
  queues.delete(key);
}

async function writeOnce(
  storage: Storage,
  key: string,
  read: (item: StoreItem | undefined) => object,
  batch: readonly Waiting[],
): Promise<unknown[]> {
  const item = (await storage.read([key]))[key] as StoreItem | undefined;
  const before = read(item);
  let record = before;
  const found = batch.map(({ apply }) => {
    const change = apply(record);
    record = change.record;
    return change.found;
  });
  if (record !== before) await storage.write({ [key]: { ...record, eTag: item?.eTag ?? mustBeNew } });
  return found;
}

/** Drops the changes whose turn is over: nobody waits for them any more. Gives how many are left. */
function drop(queue: Waiting[]): number {
  const left = queue.filter(({ deadline }) => deadline.left > 0);
  queue.splice(0, queue.length, ...left);
  return queue.length;
}

function isConflict(error: unknown): boolean {
  return error instanceof BotError && error.code === "state-conflict";
}
