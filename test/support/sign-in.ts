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
  return person.submit(page, { login: mail, passwd: azure.tenant.password });
}
