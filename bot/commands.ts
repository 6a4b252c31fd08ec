import { entraErrorIn } from "./sign-in/entra-errors";

/** What a user can ask for. */
export type Command =
  | { readonly kind: "mail" | "who am i" | "help" | "sign out" }
  | { readonly kind: "send"; readonly to: string; readonly text: string }
  | { readonly kind: "send misspelt" }
  /** Six digits: the code of a sign-in page. */
  | { readonly kind: "code"; readonly code: string }
  /** Digits, but not six. */
  | { readonly kind: "code misspelt" }
  /** An error of the sign-in page, typed or pasted: its text holds a number such as AADSTS50011. */
  | { readonly kind: "sign-in error"; readonly text: string }
  | { readonly kind: "unknown" };

const words: Readonly<Record<string, "mail" | "who am i" | "help" | "sign out">> = {
  mail: "mail",
  mails: "mail",
  email: "mail",
  "e-mail": "mail",
  inbox: "mail",
  "my mail": "mail",
  "who am i": "who am i",
  whoami: "who am i",
  me: "who am i",
  help: "help",
  hi: "help",
  hello: "help",
  "?": "help",
  "sign out": "sign out",
  signout: "sign out",
  "log out": "sign out",
  logout: "sign out",
};

/** Reads a message. Case, blanks around it and a full stop at its end do not matter. */
export function parseCommand(message: string): Command {
  const text = message.trim();
  const digits = text.replace(/\s/g, "");
  if (/^\d+$/.test(digits)) return digits.length === 6 ? { kind: "code", code: digits } : { kind: "code misspelt" };
  if (/^send(\s|$)/i.test(text)) return parseSend(text);
  if (entraErrorIn(text)) return { kind: "sign-in error", text };
  const word = text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[.!]$/, "")
    .replace(/^(.+)\?$/, "$1");
  const kind = Object.hasOwn(words, word) ? words[word] : undefined;
  return kind ? { kind } : { kind: "unknown" };
}

/** Characters of a mail address (RFC 5321, 4.5.3.1). The pattern takes long for very long texts. */
const longestAddress = 320;
const address = /^[^\s@<>"'`,;:()]+@[^\s@<>"'`,;:()]+\.[^\s@<>"'`,;:()]+$/;

function parseSend(text: string): Command {
  const [, written = "", body = ""] = /^send\s+(?:to\s+)?(\S+)\s+(\S[\s\S]*)$/i.exec(text) ?? [];
  const to = written.replace(/:$/, "").replace(/^<(?:mailto:)?(.+)>$/, "$1");
  return to.length <= longestAddress && address.test(to) ? { kind: "send", to, text: body } : { kind: "send misspelt" };
}
