import type { LocalAzure } from "../../local/azure/azure";
import type { ChatToken } from "./chat";
import type { Page, Person } from "./person";

/** Opens the bot's chat page in a person's browser and takes what the page's script is given. */
export async function openChatPage(person: Person, chatAddress: string): Promise<ChatToken> {
  await person.open(chatAddress);
  const answer = await person.open(new URL("api/token", chatAddress).href, {
    method: "POST",
    headers: { origin: new URL(chatAddress).origin, "sec-fetch-site": "same-origin" },
  });
  if (answer.status !== 200) throw new Error(`the chat page's token: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as ChatToken;
}

/** Opens a sign-in address and signs in as one of the tenant's people; gives the page that follows the password. */
export async function signIn(person: Person, azure: LocalAzure, address: string, mail: string): Promise<Page> {
  const page = await person.open(address);
  return person.submit(page, { account: mail, password: azure.tenant.password });
}

/** Consents as the administrator for everyone, at the address that the program's warning names. */
export async function consentForEveryone(person: Person, azure: LocalAzure, clientId: string): Promise<Page> {
  const address = `https://login.microsoftonline.com/${azure.tenant.tenantId}/adminconsent?client_id=${clientId}`;
  const administrator = azure.tenant.people.find((one) => one.administrator);
  const page = await signIn(person, azure, address, administrator?.mail ?? "");
  return person.submit(page, { decision: "accept" });
}

/**
 * Ties a sign-in address to the browser that holds the chat, as Web Chat does on the click: asks Direct Line for this
 * browser's session and adds it to the address.
 */
export async function boundTo(person: Person, chat: ChatToken, chatAddress: string, address: string): Promise<string> {
  const answer = await person.open(`${chat.domain}/session/getsessionid`, {
    headers: { authorization: `Bearer ${chat.token}`, origin: new URL(chatAddress).origin },
  });
  const { sessionId } = JSON.parse(answer.text) as { sessionId: string };
  return `${address}${encodeURIComponent(`&code_challenge=${sessionId}`)}`;
}
