// The turn of both SDKs' hosts, with the calls of the bot's own `send`: the state says that the mail is under way before it
// is sent, and that it was sent afterwards.
import { ManagedIdentityCredential } from "@azure/identity";
import blobs from "botbuilder-azure-blobs";

/** The state's container, with the managed identity. The SDK has no blob storage of its own at npm; this one fits both. */
export function storage() {
  const { MANAGED_IDENTITY_CLIENT_ID: clientId, STATE_CONTAINER_URL: url } = process.env;
  return new blobs.BlobsStorage("", "", undefined, url, new ManagedIdentityCredential({ clientId }));
}

export async function sendMail({ text, id, remember, token, say }) {
  const [, to, words] = /^send (\S+) (.+)$/.exec(text);
  await remember({ id, state: "taken" });
  const answer = await fetch("https://graph.microsoft.com/v1.0/me/sendMail", {
    method: "POST",
    headers: { authorization: `Bearer ${await token("GraphConnection")}`, "content-type": "application/json" },
    body: JSON.stringify({
      message: {
        subject: words,
        body: { contentType: "Text", content: words },
        toRecipients: [{ emailAddress: { address: to } }],
      },
    }),
  });
  if (!answer.ok) throw new Error(`Microsoft Graph answered ${answer.status}`);
  await answer.text();
  await say(`Sent to ${to}: ${words}`);
  await remember({ id, state: "done" });
}
