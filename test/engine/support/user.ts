import { Chat, hasCard, signInAddress } from "../../support/chat";
import { connectThisProcess } from "../../support/deployed";
import { Person } from "../../support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../../support/sign-in";
import type { LocalAzure } from "../../../local/azure/azure";

/**
 * A person opens the chat page, asks for mail, signs in and gets the mail, all through Direct Line. Gives the bot's
 * answer.
 */
export async function userSignsIn(azure: LocalAzure, outputs: Record<string, unknown>): Promise<string> {
  const disconnect = await connectThisProcess(azure, "browser");
  const chatAddress = String(outputs.chatAddress);
  const kim = azure.tenant.people.find(({ givenName }) => givenName === "Kim");
  let chat: Chat | undefined;
  try {
    await consentForEveryone(new Person(), azure, String(outputs.signInAppId));
    const person = new Person();
    const token = await openChatPage(person, chatAddress);
    chat = new Chat(token);
    await chat.opened();
    const card = await chat.ask("mail", hasCard);
    const address = await boundTo(person, token, chatAddress, signInAddress(card) ?? "");
    await signIn(person, azure, address, kim?.mail ?? "");
    return (await chat.answer(({ text }) => /newest message/.test(text ?? ""))).text ?? "";
  } finally {
    chat?.end();
    disconnect();
  }
}
