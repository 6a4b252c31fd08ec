import type { Fault } from "./faults";

/** A fault with a name, ready to be switched on. */
export interface KnownFault {
  /** What `--fault` calls it. */
  readonly name: string;
  readonly title: string;
  /** What a person then sees in the chat. */
  readonly effect: string;
  readonly fault: Fault;
}

/** Faults that people meet in real life, each with its effect in the chat. */
export const knownFaults: readonly KnownFault[] = [
  {
    name: "graph-slow",
    title: "Microsoft Graph takes 4 seconds",
    effect: "The mail comes late; the step shows how late.",
    fault: { kind: "latency", service: "Microsoft Graph", milliseconds: 4_000 },
  },
  {
    name: "graph-401",
    title: "Graph refuses the user's token once",
    effect: "The bot signs the user out and asks for a new sign-in.",
    fault: {
      kind: "refusal",
      service: "Microsoft Graph",
      path: "/me/",
      status: 401,
      code: "InvalidAuthenticationToken",
      message: "Lifetime validation failed, the token is expired.",
      once: true,
    },
  },
  {
    name: "graph-403",
    title: "Graph denies access to the mailbox",
    effect: "The bot names the permission that is missing.",
    fault: {
      kind: "refusal",
      service: "Microsoft Graph",
      path: "/me/messages",
      status: 403,
      code: "ErrorAccessDenied",
      message: "Access is denied. Check credentials and try again.",
    },
  },
  {
    name: "graph-429",
    title: "Graph throttles one call",
    effect: "The next call answers 429; the bot waits and tries again, or says that Graph is not available.",
    fault: {
      kind: "refusal",
      service: "Microsoft Graph",
      path: "/me/",
      status: 429,
      code: "TooManyRequests",
      message: "The application has sent too many requests.",
      once: true,
    },
  },
  {
    name: "no-connection",
    title: "The Token Service does not know the connection",
    effect: "The bot can neither get a token nor ask for a sign-in. Known mistake 8.",
    fault: {
      kind: "refusal",
      service: "Token Service",
      path: "/api/usertoken/",
      status: 404,
      code: "ServiceError",
      message: "Could not find Connection Setting with name GraphConnection",
    },
  },
  {
    name: "redirect-missing",
    title: "The sign-in app lacks the redirect address",
    effect: "The sign-in page ends with AADSTS50011. Known mistake 4.",
    fault: {
      kind: "refusal",
      service: "Entra ID",
      method: "GET",
      path: "/authorize",
      status: 400,
      code: "AADSTS50011",
      message:
        "The redirect URI specified in the request does not match the redirect URIs configured for the application.",
    },
  },
  {
    name: "secret-expired",
    title: "The client secrets have expired",
    effect: "The sign-in fails where the Token Service redeems the code. Known mistake 14.",
    fault: {
      kind: "refusal",
      service: "Entra ID",
      method: "POST",
      path: "/token",
      status: 401,
      code: "AADSTS7000222",
      message: "The provided client secret keys for the app are expired.",
    },
  },
  {
    name: "vault-forbidden",
    title: "The bot may not read the vault",
    effect: "A new chat cannot be opened as soon as the bot needs the Direct Line secret again. Known mistake 34.",
    fault: {
      kind: "refusal",
      service: "Key Vault",
      method: "GET",
      path: "/secrets/",
      status: 403,
      code: "Forbidden",
      message: "Caller is not authorized to perform action on resource.",
    },
  },
  {
    name: "bot-down",
    title: "The bot's app answers 503",
    effect: "A message leaves the chat, and no answer comes.",
    fault: { kind: "refusal", service: "App Service", path: "/api/messages", status: 503, code: "ServiceUnavailable" },
  },
];
