/** A name and an address, as Graph writes them. */
export interface Recipient {
  readonly emailAddress: { readonly name: string; readonly address: string };
}

/** A message of a mailbox, in Graph's own form: https://learn.microsoft.com/graph/api/resources/message */
export interface Message {
  readonly id: string;
  readonly folder: "inbox" | "sentitems";
  readonly createdDateTime: string;
  readonly receivedDateTime: string;
  readonly sentDateTime: string;
  readonly subject: string;
  readonly body: { readonly contentType: "text" | "html"; readonly content: string };
  readonly importance: "low" | "normal" | "high";
  readonly conversationId: string;
  isRead: boolean;
  readonly from: Recipient;
  readonly toRecipients: readonly Recipient[];
  readonly ccRecipients: readonly Recipient[];
}
