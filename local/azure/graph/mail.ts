import { createHash } from "node:crypto";
import { z } from "zod";
import type { Person } from "../tenant";
import { each } from "../members";
import { holds, type Caller } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { refusals } from "./errors";
import type { Graph, GraphCall, GraphRoutes } from "./graph-call";
import { messagesOf, send, type Draft } from "./mailbox";
import type { Message, Recipient } from "./message";
import { findPerson, signedIn } from "./people";
import { checkBody, readBody } from "./request-body";

const recipients = z
  .array(z.strictObject({ emailAddress: z.strictObject({ address: z.string(), name: z.string().optional() }) }))
  .default([]);

const sendBody = z.strictObject({
  message: z.strictObject({
    subject: z.string().default(""),
    body: z
      .strictObject({
        contentType: z
          .string()
          .regex(/^(text|html)$/i)
          .default("text"),
        content: z.string(),
      })
      .prefault({ content: "" }),
    importance: z.enum(["low", "normal", "high"]).default("normal"),
    ...each(recipients, "toRecipients ccRecipients bccRecipients replyTo"),
  }),
  saveToSentItems: z.boolean().default(true),
});

/** Messages of the signed-in person, and sending as that person: https://learn.microsoft.com/graph/api/user-sendmail */
export function mailRoutes({ directory }: Graph): GraphRoutes {
  const list =
    (owner: (call: GraphCall) => Person, folder: (call: GraphCall) => string | undefined) => (call: GraphCall) => {
      const person = owner(call);
      const basic = checkMayRead(call.caller, person);
      const wanted = folder(call);
      const messages = messagesOf(directory, person).filter((message) => !wanted || message.folder === wanted);
      return answerCollection(
        call.url,
        messages.map((message) => shown(message, basic)),
        options(person),
      );
    };
  const read = (owner: (call: GraphCall) => Person) => (call: GraphCall) => {
    const person = owner(call);
    const basic = checkMayRead(call.caller, person);
    const message = messagesOf(directory, person).find(({ id }) => id === call.params["message"]);
    if (!message) throw refusals.itemNotFound();
    return answerEntity(call.url, shown(message, basic), options(person));
  };
  const sendAs = (owner: (call: GraphCall) => Person) => async (call: GraphCall) => {
    const person = owner(call);
    if (!holds(call.caller, ["Mail.Send"]) || !reaches(call.caller, person)) throw refusals.mailboxAccess();
    const { message, saveToSentItems } = checkBody(sendBody, await readBody(call.request), "Message");
    send(directory, person, draftOf(message), saveToSentItems);
    return new Response(null, { status: 202 });
  };
  const me = ({ caller }: GraphCall): Person => signedIn(caller);
  const user = ({ params }: GraphCall): Person => findPerson(directory, params["id"] as string);
  const everywhere = (): undefined => undefined;
  return {
    "GET /me/messages": list(me, everywhere),
    "GET /me/messages/{message}": read(me),
    "GET /me/mailFolders/{folder}/messages": list(me, folderOf),
    "POST /me/sendMail": sendAs(me),
    "GET /users/{id}/messages": list(user, everywhere),
    "GET /users/{id}/messages/{message}": read(user),
    "GET /users/{id}/mailFolders/{folder}/messages": list(user, folderOf),
    "POST /users/{id}/sendMail": sendAs(user),
  };
}

const options = (person: Person): { type: string; context: string; pageSize: number; always: string[] } => ({
  type: "message",
  context: `users('${encodeURIComponent(person.mail)}')/messages`,
  pageSize: 10,
  always: ["@odata.etag", "id"],
});

function folderOf({ params }: GraphCall): string {
  const folder = (params["folder"] as string).toLowerCase();
  if (folder !== "inbox" && folder !== "sentitems") throw refusals.itemNotFound();
  return folder;
}

/** Gives true where only messages without their bodies may be read. Throws `ErrorAccessDenied`. */
function checkMayRead(caller: Caller, owner: Person): boolean {
  if (!reaches(caller, owner)) throw refusals.mailboxAccess();
  if (holds(caller, ["Mail.Read", "Mail.ReadWrite"])) return false;
  if (holds(caller, ["Mail.ReadBasic"])) return true;
  throw refusals.mailboxAccess();
}

/** A delegated token reaches its own person's mailbox, an application's token every one. */
function reaches(caller: Caller, owner: Person): boolean {
  return caller.person === undefined || caller.person === owner;
}

function draftOf(message: z.infer<typeof sendBody>["message"]): Draft {
  const all = [...message.toRecipients, ...message.ccRecipients, ...message.bccRecipients];
  if (all.length === 0) throw refusals.recipientsMissing();
  const wrong = all.find(({ emailAddress }) => !/^[^@\s]+@[^@\s]+$/.test(emailAddress.address));
  if (wrong) throw refusals.recipientInvalid(wrong.emailAddress.address);
  return {
    subject: message.subject,
    importance: message.importance,
    body: { contentType: message.body.contentType.toLowerCase() as "text" | "html", content: message.body.content },
    toRecipients: message.toRecipients.map(named),
    ccRecipients: message.ccRecipients.map(named),
    bccRecipients: message.bccRecipients.map(named),
  };
}

function named({ emailAddress: { address, name } }: { emailAddress: { address: string; name?: string } }): Recipient {
  return { emailAddress: { name: name ?? address, address } };
}

function shown(message: Message, basic: boolean): Record<string, unknown> {
  const { folder, body, ...rest } = message;
  const changeKey = createHash("sha256").update(JSON.stringify(message)).digest("base64url").slice(0, 20);
  const text = body.contentType === "html" ? body.content.replace(/<[^>]*>/g, " ") : body.content;
  return {
    "@odata.etag": `W/"${changeKey}"`,
    ...rest,
    lastModifiedDateTime: message.receivedDateTime,
    changeKey,
    categories: [],
    hasAttachments: false,
    internetMessageId: `<${message.id.slice(-24)}@contoso.example>`,
    ...(!basic && { bodyPreview: text.replace(/\s+/g, " ").trim().slice(0, 255), body }),
    parentFolderId: folder,
    isDraft: false,
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(message.id)}&viewmodel=ReadMessageItem`,
    sender: message.from,
    replyTo: [],
    flag: { flagStatus: "notFlagged" },
  };
}
