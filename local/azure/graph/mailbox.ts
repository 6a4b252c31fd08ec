import { createHash, randomUUID } from "node:crypto";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { DirectoryStore } from "../entra/directory-store";
import type { Person } from "../tenant";
import type { Message, Recipient } from "./message";

/** A message before it is in a mailbox. */
export interface Draft {
  readonly subject: string;
  readonly body: Message["body"];
  readonly importance: Message["importance"];
  readonly toRecipients: readonly Recipient[];
  readonly ccRecipients: readonly Recipient[];
  readonly bccRecipients: readonly Recipient[];
}

/** A letter with which a mailbox begins: who wrote it, and how many hours ago. */
interface Letter {
  readonly to: string;
  readonly from: string | { readonly name: string; readonly address: string };
  readonly hoursAgo: number;
  readonly subject: string;
  readonly text: string;
  readonly read?: boolean;
}

const facilities = { name: "Facilities", address: "facilities@contoso.example" };
const travel = { name: "Northwind Travel", address: "bookings@northwind.example" };

const fireDrill = {
  from: facilities,
  hoursAgo: 27,
  subject: "Fire drill on Thursday",
  text: "The drill begins at 10:00. Please leave by the nearest stairs.",
  read: true,
};

const letters: readonly Letter[] = [
  {
    to: "ada",
    from: "sam",
    hoursAgo: 2,
    subject: "Bot pilot: who may sign in?",
    text: "Hi Ada,\n\ntwo customers asked when they can try the bot. Could you look at the permissions it asks for and approve them?\n\nSam",
  },
  {
    to: "ada",
    from: "kim",
    hoursAgo: 7,
    subject: "Ticket 4711: consent page",
    text: 'People see "Need admin approval" when they sign in. Is that you?\n\nKim',
    read: true,
  },
  { to: "ada", ...fireDrill },
  {
    to: "sam",
    from: "ada",
    hoursAgo: 1,
    subject: "Re: Bot pilot: who may sign in?",
    text: "Hi Sam,\n\nI look at it today. Mail.Read needs my consent, the rest does not.\n\nAda",
  },
  {
    to: "sam",
    from: travel,
    hoursAgo: 5,
    subject: "Your trip to Oslo is booked",
    text: "Train 41 leaves at 07:12 from platform 3. Your seat: coach 12, seat 54.",
  },
  {
    to: "sam",
    from: "kim",
    hoursAgo: 22,
    subject: "Fabrikam renewal",
    text: "Fabrikam's contract ends next month. They are happy with support; a good time to call.\n\nKim",
    read: true,
  },
  { to: "sam", ...fireDrill },
  {
    to: "kim",
    from: "ada",
    hoursAgo: 3,
    subject: "Ticket 4711",
    text: "Kim,\n\nthat is our default policy: the first sign-in waits for an administrator. I will grant it for everyone.\n\nAda",
  },
  {
    to: "kim",
    from: "sam",
    hoursAgo: 9,
    subject: "Thanks for the Fabrikam notes",
    text: "They help a lot. I call them tomorrow.\n\nSam",
    read: true,
  },
  { to: "kim", ...fireDrill },
];

/** Puts the first letters into everybody's mailbox, dated back from now. */
export function seedMailboxes(directory: DirectoryStore): void {
  const person = (name: string): Person | undefined =>
    directory.people.find(({ givenName }) => givenName.toLowerCase() === name);
  for (const { to, from, hoursAgo, subject, text, read = false } of letters) {
    const receiver = person(to);
    const sender = typeof from === "string" ? person(from) : { name: from.name, mail: from.address };
    if (!receiver || !sender) continue;
    const at = new Date(directory.clock.now().getTime() - hoursAgo * 3600 * 1000);
    const draft: Draft = {
      subject,
      body: { contentType: "text", content: text },
      importance: "normal",
      toRecipients: [recipient(receiver.name, receiver.mail)],
      ccRecipients: [],
      bccRecipients: [],
    };
    put(directory, receiver, "inbox", recipient(sender.name, sender.mail), draft, at, read);
  }
}

/** Delivers a message to everybody of the tenant that it names, and keeps it in the sender's sent items. */
export function send(directory: DirectoryStore, sender: Person, draft: Draft, keep: boolean): void {
  const now = directory.clock.now();
  const from = recipient(sender.name, sender.mail);
  const addresses = new Set(
    [...draft.toRecipients, ...draft.ccRecipients, ...draft.bccRecipients].map(({ emailAddress }) =>
      emailAddress.address.toLowerCase(),
    ),
  );
  for (const person of directory.people) {
    if (addresses.has(person.mail)) put(directory, person, "inbox", from, draft, now, false);
  }
  if (keep) put(directory, sender, "sentitems", from, draft, now, true);
}

/** A person's messages, newest first. */
export function messagesOf(directory: DirectoryStore, person: Person): readonly Message[] {
  return [...(directory.mailboxes.get(person.objectId) ?? [])].sort(
    (one, other) => Date.parse(other.receivedDateTime) - Date.parse(one.receivedDateTime),
  );
}

function put(
  directory: DirectoryStore,
  owner: Person,
  folder: Message["folder"],
  from: Recipient,
  draft: Draft,
  at: Date,
  isRead: boolean,
): void {
  const time = wholeSeconds(at);
  const message: Message = {
    id: `AAMk${Buffer.from(`${owner.objectId}/${randomUUID()}`).toString("base64url")}`,
    folder,
    createdDateTime: time,
    receivedDateTime: time,
    sentDateTime: time,
    subject: draft.subject,
    body: draft.body,
    importance: draft.importance,
    conversationId: `AAQk${createHash("sha256")
      .update(draft.subject.replace(/^(re|fw): /i, ""))
      .digest("base64url")}`,
    isRead,
    from,
    toRecipients: draft.toRecipients,
    ccRecipients: draft.ccRecipients,
  };
  directory.mailboxes.set(owner.objectId, [...(directory.mailboxes.get(owner.objectId) ?? []), message]);
}

function recipient(name: string, address: string): Recipient {
  return { emailAddress: { name, address } };
}
