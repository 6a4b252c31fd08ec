import { type Api, callApi } from "./api";
import { plain } from "./markdown";

/** As Microsoft Graph names them. */
interface Message {
  readonly subject?: string | null;
  readonly bodyPreview?: string | null;
  readonly receivedDateTime?: string;
  readonly from?: { readonly emailAddress?: { readonly name?: string; readonly address?: string } };
}

interface Profile {
  readonly displayName?: string | null;
  readonly mail?: string | null;
  readonly userPrincipalName?: string;
}

/** https://learn.microsoft.com/graph/errors */
const graph: Api = { name: "Microsoft Graph", address: "https://graph.microsoft.com/v1.0" };

const messagesShown = 5;
const previewLength = 100;
/** Longer first lines make no good subject. */
const subjectLength = 78;

/** The newest messages of the user's inbox as a Markdown list. Errors: those of {@link callApi}. */
export async function recentMail(token: string): Promise<string> {
  const query = `$top=${messagesShown}&$select=subject,from,receivedDateTime,bodyPreview&$orderby=receivedDateTime desc`;
  const path = `/me/mailFolders/inbox/messages?${query.replaceAll(" ", "%20")}`;
  const { value = [] } = (await callApi(graph, token, { method: "GET", path, permission: "Mail.Read" })) as {
    value?: Message[];
  };
  if (value.length === 0) return "Your inbox has no messages.";
  return [
    value.length === 1 ? "Your newest message:" : `Your ${value.length} newest messages:`,
    "",
    ...value.map(line),
  ].join("\n");
}

/** Sends a mail as the user; its first line is its subject. Gives the sentence that says so. */
export async function sendMail(token: string, to: string, text: string): Promise<string> {
  const firstLine = text.split(/\r?\n/, 1)[0] ?? text;
  const subject = firstLine.length > subjectLength ? `${firstLine.slice(0, subjectLength - 1)}…` : firstLine;
  const message = {
    subject,
    body: { contentType: "Text", content: text },
    toRecipients: [{ emailAddress: { address: to } }],
  };
  const body = { message, saveToSentItems: true };
  await callApi(graph, token, { method: "POST", path: "/me/sendMail", permission: "Mail.Send", body });
  return `Sent to ${plain(to)}: ${plain(subject)}`;
}

/** Who the token belongs to. */
export async function mailUser(token: string): Promise<string> {
  const path = "/me?$select=displayName,mail,userPrincipalName";
  const profile = (await callApi(graph, token, { method: "GET", path, permission: "User.Read" })) as Profile;
  const address = profile.mail ?? profile.userPrincipalName ?? "no address";
  return `**${plain(profile.displayName ?? address)}** (${plain(address)})`;
}

function line({ subject, bodyPreview, receivedDateTime, from }: Message): string {
  const sender = from?.emailAddress?.name || from?.emailAddress?.address || "unknown sender";
  const received = receivedDateTime ? `${receivedDateTime.slice(0, 16).replace("T", " ")} UTC` : "";
  const preview = (bodyPreview ?? "").replace(/\s+/g, " ").trim();
  const shown = preview.length > previewLength ? `${preview.slice(0, previewLength - 1)}…` : preview;
  const head = `- **${plain(subject || "(no subject)")}**, ${plain(sender)}${received && `, ${received}`}`;
  return shown && shown !== subject ? `${head}  \n  ${plain(shown)}` : head;
}
