/** Someone in a conversation. */
export interface Account {
  readonly id: string;
  readonly name?: string;
  /** Object id of a user in Entra, where the channel knows it. */
  readonly aadObjectId?: string;
  /** Of a receiver: nobody else is to see it. */
  readonly isTargeted?: boolean;
}

export interface Attachment {
  readonly contentType?: string;
  readonly content?: unknown;
  readonly [member: string]: unknown;
}

/** A Bot Framework activity; members that the local Azure does not look at pass through unread. */
export interface Activity {
  readonly type: string;
  readonly id?: string;
  readonly from?: Account;
  readonly recipient?: Account;
  readonly serviceUrl?: string;
  readonly attachments?: readonly Attachment[];
  readonly [member: string]: unknown;
}
