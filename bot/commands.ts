import { writtenCode } from "./sign-in/code";
import { entraErrorIn, meaningOfEntraError } from "./sign-in/entra-errors";

/** What a user can ask for. */
export type Command =
  | { readonly name: "mail" | "issues" | "orders" | "who am i" | "connections" | "cancel" | "help" }
  | { readonly name: "send"; readonly to: string; readonly text: string }
  | { readonly name: "open issue"; readonly repository: string; readonly title: string; readonly body?: string }
  | { readonly name: "order"; readonly number: string }
  | { readonly name: "send misspelt" | "open issue misspelt" }
  /** Of everything, or of what the user names: a connection, a skill, a provider. */
  | { readonly name: "sign out"; readonly of?: string }
  /** Six digits: the code of a sign-in page. */
  | { readonly name: "code"; readonly code: string }
  /** Six digits in a sentence: the code, where one is waited for. */
  | { readonly name: "code in words"; readonly code: string }
  /** Digits, but not six. */
  | { readonly name: "code misspelt" }
  /** An error of the sign-in page, typed or pasted: its text holds a number such as AADSTS50011. */
  | { readonly name: "sign-in error"; readonly text: string }
  | { readonly name: "unknown" };

type Word = "mail" | "issues" | "orders" | "who am i" | "connections" | "cancel" | "help" | "sign out";

const words: Readonly<Record<string, Word>> = {
  mail: "mail",
  mails: "mail",
  email: "mail",
  "e-mail": "mail",
  inbox: "mail",
  "my mail": "mail",
  issues: "issues",
  "my issues": "issues",
  github: "issues",
  orders: "orders",
  "my orders": "orders",
  "who am i": "who am i",
  whoami: "who am i",
  me: "who am i",
  connections: "connections",
  cancel: "cancel",
  stop: "cancel",
  "never mind": "cancel",
  nevermind: "cancel",
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
  const code = writtenCode(text);
  if (code?.alone) return parseDigits(code.digits);
  if (/^send(\s|$)/i.test(text)) return parseSend(text);
  if (/^open\s+(an\s+)?issue(\s|$)/i.test(text)) return parseOpenIssue(text);
  if (entraErrorIn(text)) return { name: "sign-in error", text };
  const word = text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[.!]$/, "")
    .replace(/^(.+)\?$/, "$1");
  if (Object.hasOwn(words, word)) return { name: words[word] as Word };
  const [, number] = /^order #?([\w-]{1,40})$/.exec(word) ?? [];
  if (number !== undefined) return { name: "order", number };
  const [, of] = /^(?:sign|log) ?out (?:of|from) (.{1,100})$/.exec(word) ?? [];
  if (of !== undefined) return { name: "sign out", of };
  return code ? { name: "code in words", code: code.digits } : { name: "unknown" };
}

/** The card asks for a code of six digits, and for the number of an error, of which some leave out the letters. */
function parseDigits(digits: string): Command {
  if (digits.length === 6) return { name: "code", code: digits };
  const text = `AADSTS${digits}`;
  return meaningOfEntraError(text) === undefined ? { name: "code misspelt" } : { name: "sign-in error", text };
}

/** Characters of a mail address (RFC 5321, 4.5.3.1). The pattern takes long for very long texts. */
const longestAddress = 320;
const address = /^[^\s@<>"'`,;:()]+@[^\s@<>"'`,;:()]+\.[^\s@<>"'`,;:()]+$/;

function parseSend(text: string): Command {
  const [, written = "", body = ""] = /^send\s+(?:to\s+)?(\S+)\s+(\S[\s\S]*)$/i.exec(text) ?? [];
  const to = written.replace(/:$/, "").replace(/^<(?:mailto:)?(.+)>$/, "$1");
  return to.length <= longestAddress && address.test(to) ? { name: "send", to, text: body } : { name: "send misspelt" };
}

/** Names of GitHub's owners and repositories: https://docs.github.com/rest/repos/repos#create-a-repository-for-the-authenticated-user */
const repositoryName = /^[A-Za-z\d](?:[A-Za-z\d-]{0,38})\/[\w.-]{1,100}$/;
/** Characters of an issue's title that GitHub takes. */
const longestTitle = 256;

function parseOpenIssue(text: string): Command {
  const [, written = "", rest = ""] = /^open\s+(?:an\s+)?issue\s+(?:in\s+)?(\S+)\s+(\S[\s\S]*)$/i.exec(text) ?? [];
  const repository = written.replace(/:$/, "");
  const [title = "", ...lines] = rest.split(/\r?\n/);
  const body = lines.join("\n").trim();
  const isName = repositoryName.test(repository) && !/\/\.{1,2}$/.test(repository);
  if (!isName || title.trim().length > longestTitle) return { name: "open issue misspelt" };
  return { name: "open issue", repository, title: title.trim(), ...(body && { body }) };
}
