import { createHash } from "node:crypto";
import type { Storage, StoreItem } from "@microsoft/agents-hosting";
import { turnState } from "../../contract/turn-state";
import { changeItem } from "../change-item";
import { expire } from "./pending-request";
import { type Change, emptyRecord, type SignInRecord } from "./sign-in-record";

/** Whose record it is: ids are particular to a channel, and a sign-in belongs to one conversation. */
export interface Owner {
  readonly channelId: string;
  readonly conversationId: string;
  readonly userId: string;
}

/** The records in the storage. Every change is atomic, over all instances of the bot. */
export class SignInRecords {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** The record, whose old requests are forgotten in the storage, too. */
  async read(owner: Owner): Promise<SignInRecord> {
    const record = recordOf((await this.storage.read([keyOf(owner)]))[keyOf(owner)]);
    if (expire(record, this.now()) === record) return record;
    return this.change(owner, (kept) => ({ record: kept, found: kept }));
  }

  /** Applies a pure change and gives what it found: {@link changeItem}. It finds old requests forgotten. */
  change<Found>(owner: Owner, apply: (record: SignInRecord) => Change<Found>): Promise<Found> {
    return changeItem(this.storage, keyOf(owner), recordOf, (record) => apply(expire(record, this.now())));
  }
}

/** Ids go into the blob's name as a hash: they may be long, and a list of blobs should not be a list of people. */
export function keyOf({ channelId, conversationId, userId }: Owner): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([channelId, conversationId, userId]))
    .digest("hex");
  return `${turnState.folders.signIn}${hash}`;
}

function recordOf(item: StoreItem | undefined): SignInRecord {
  if (!item) return emptyRecord;
  const { pending, claims = [] } = item as Partial<SignInRecord>;
  // Before there could be several, the one was no list: who asked then asks again.
  return { pending: Array.isArray(pending) ? pending : [], claims };
}
