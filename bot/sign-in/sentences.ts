import { minute } from "../../contract/time";
import { requestLifetime } from "./pending-request";

/** What the bot says, in one place. */
export const sentences = {
  unknown: "I did not understand that. Say **help** to see what I understand.",
  sendUsage: "Say it like this: **send** *address* *text*, for example **send sam@contoso.com Hello**.",
  openIssueUsage:
    "Say it like this: **open issue** *owner/repository* *title*, for example **open issue contoso/website The logo is old**.",
  cardTitle: "Sign in",
  /** `service`: where several can be signed in to. `numbered`: whether the page's errors have numbers, as Entra's have. */
  cardText: (service: string | undefined, numbered: boolean) =>
    `Please sign in${service === undefined ? "" : ` to ${service}`}. If the page shows you a six-digit code, type it here; if it shows an error, ${numbered ? "type its number (AADSTS...)" : "ask me again for a new card"}.`,
  waiting:
    "I am still waiting for you to sign in with the card above. A card is good for one sign-in and a few minutes: ask me again for a new one.",
  cancelled: "I have forgotten what you asked for. You need not sign in any more.",
  nothingToCancel: "Nothing waits for you to sign in.",
  codeMisspelt: "A code has six digits. Please look at the sign-in page again.",
  noCodeExpected: "I am not waiting for a code. Ask me for something, and I ask you to sign in.",
  wrongCode: (left: number) =>
    `That code is not right. You can try ${left === 1 ? "once" : `${left} times`} more. If the sign-in page is closed, ask me again for a new one.`,
  /** `wait`: milliseconds until a code may be tried again. */
  tooManyCodes: (wait: number) =>
    `You have tried too many codes, so I take none for the next ${timeOf(wait)}. After that, ask me again for a new sign-in.`,
  tooLate: `You are signed in. Your request is more than ${requestLifetime / minute} minutes old, so I did not carry it out: please say it again.`,
  signInError: (number: string, meaning: string | undefined) =>
    meaning
      ? `**${number}**: ${meaning}`
      : `I do not know **${number}**, but [Microsoft explains it](https://login.microsoftonline.com/error?code=${number.slice(6)}). Ask me again for a new card; if the number comes back, tell it to whoever runs me.`,
  connectionMissing: (name: string) =>
    `My registration has no connection **${name}**, so I cannot sign you in. Whoever runs me can create it again: npm run drift, then pulumi up.`,
  signedIn: "You are signed in. Say **help** to see what I can do for you.",
  notSignedIn: "You are not signed in. Ask me for something, and I ask you to.",
  /** `links`: where the browser's own sign-in ends, at the providers of which that is known. */
  signedOut: (links: readonly string[]) =>
    links.length === 0
      ? "You are signed out. Your browser may still be signed in at the provider: where others use it, sign out there, too."
      : `You are signed out. Your browser may still be signed in: where others use it, ${links.join(" and ")}, too.`,
  signedOutOf: (name: string, links: readonly string[]) =>
    `You are signed out of ${name}.${links.length === 0 ? "" : ` Your browser may still be signed in: where others use it, ${links.join(" and ")}, too.`}`,
  signOutOfWhat: (names: readonly string[]) =>
    `I do not know what to sign you out of. Say **sign out** for all, or **sign out of** one of ${names.join(", ")}.`,
  signedInAs: (who: string) => `You are signed in as ${who}.`,
  notSignedInThere: "not signed in",
  signInFailed: "The sign-in did not work. Press the button of the card to try again, or ask me again for a new one.",
  clientFailed: "Teams could not sign you in by itself.",
  askAgain: "Press the button of the card to sign in, or ask me again for a new one.",
  signInCancelled: "You cancelled the sign-in. Ask me again when you want to try it again.",
  notCompleted: "The sign-in was not completed. Ask me again for a new one.",
  tokenRefused: "Your sign-in has expired, so I signed you out. Please sign in again.",
  tokenRefusedAgain: (service: string) =>
    `${capital(service)} does not accept your sign-in, even though it is new. Please try again later.`,
  permissionMissing: (service: string, permission: string) =>
    `${capital(service)} did not allow it: the permission **${permission}** is missing. An administrator can grant it; then say **sign out** and sign in again.`,
  requestRefused: (service: string, message: string) =>
    `${capital(service)} refused the request${message ? `: ${message}` : "."}`,
  unavailable: (service: string) => `${capital(service)} is not available right now. Please try again in a moment.`,
  outOfTime: "That took too long, so I stopped before I had done anything. Please try again in a moment.",
  mayHaveBeenSent: "Your mail may have been sent: look in Sent Items before you try again.",
  mayHaveBeenOpened: "Your issue may have been opened: look at GitHub before you try again.",
  mayBeSignedIn: "I lost track of your sign-in. Say **who am i** to see whether it worked.",
  mayBeSignedOut: "I do not know whether you are signed out. Say **who am i** to see.",
  notSignedOut: "I could not sign you out. Please say **sign out** again.",
  messageTooOld: `Your message reached me more than ${requestLifetime / minute} minutes late, so I did nothing: please say it again.`,
  tooManyCommands: "That is more than I do for one person within an hour. Please try again later.",
  askAlone: "I cannot answer you where others are so that only you see it. Please ask me in a chat with me alone.",
  answeredAlone: "I have answered you in the chat with me alone.",
  groupConversation: "I do that only in a chat with you alone: here others would see it.",
  noConnection: "I have no connection that can do this. Say **help** to see what I understand.",
} as const;

/** Rounded up: whoever comes back then must not come too early. */
function timeOf(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / minute);
  if (minutes > 90) return `${Math.ceil(minutes / 60)} hours`;
  return minutes === 1 ? "minute" : `${minutes} minutes`;
}

/** A text as it stands at the beginning of a sentence. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
