import type { Fault } from "./faults";

/** A fault with a name, ready to be switched on. */
export interface KnownFault {
  /** What `--fault` calls it. */
  readonly name: string;
  readonly title: string;
  /** What a person then sees, and where. */
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
      path: "/me/mailFolders",
      status: 403,
      code: "ErrorAccessDenied",
      message: "Access is denied. Check credentials and try again.",
    },
  },
  {
    name: "graph-429",
    title: "Graph throttles one call",
    effect: "The bot says that Graph is not available right now; asked again, it answers.",
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
    name: "graph-cut",
    title: "Graph's answer to one mail is lost",
    effect: "The mail is sent, and the bot says that it may have been: nobody knows. It does not send it again.",
    fault: { kind: "cut", service: "Microsoft Graph", path: "/me/sendMail", once: true },
  },
  {
    name: "no-connection",
    title: "The Token Service does not know the connection",
    effect: "The bot says that its registration has no such connection, and asks for no sign-in. Known mistake 8.",
    fault: {
      kind: "refusal",
      service: "Token Service",
      path: "/api/",
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
    effect:
      "Once the bot has started again (move the clock), no chat can be opened, and the health page names the missing role. Known mistake 34.",
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
    effect: "No message arrives: Direct Line answers 502, and the chat marks it as not sent.",
    fault: { kind: "refusal", service: "App Service", path: "/api/messages", status: 503, code: "ServiceUnavailable" },
  },
];

/** How far the panel moves the clock, and what one then sees. */
export const clockSteps = [
  {
    fault: "clock:2h",
    title: "2 hours",
    effect: "The chat's token and the user's have expired. Opened anew, the chat gets both renewed, unseen.",
  },
  {
    fault: "clock:1d",
    title: "A day",
    effect: "Every token has expired, the managed identity's too. Opened anew, the chat goes on without a sign-in.",
  },
  {
    fault: "clock:200d",
    title: "200 days",
    effect:
      "Every client secret has expired: no message arrives, and the health page names the fix. AADSTS7000222, known mistake 14.",
  },
] as const;
