import type { HandMade, HandMadeWebApp } from "./hand-made";
import { same } from "../azure/inventory/found";
import { droppedSettings } from "./web-app";

/** What a person should know, a sentence each. */
export interface Notes {
  /** What is this stack's from now on: a destroy deletes it. */
  readonly adopted: readonly string[];
  /** What is used, and neither changed nor deleted. */
  readonly used: readonly string[];
  /** What `pulumi up` writes to what is adopted or used. */
  readonly written: readonly string[];
  /** What nobody can read, and what is left out. */
  readonly leftOut: readonly string[];
}

/** What is used, a sentence each. */
export function usedThings(
  seen: HandMade,
  chosen: {
    readonly vault: string | undefined;
    readonly signInApp: string | undefined;
    readonly workspace: string | undefined;
    readonly webApp: HandMadeWebApp | undefined;
  },
): string[] {
  const { bot, applications } = seen;
  const application = (clientId: string): string =>
    `the application ${applications.get(clientId.toLowerCase())?.displayName ?? clientId}`;
  const both = chosen.signInApp !== undefined && same(chosen.signInApp, bot.appId);
  return [
    `the resource group ${seen.resourceGroup}`,
    ...(bot.identityId === undefined
      ? [`${application(bot.appId)}, which the bot is${both ? " and through which people sign in" : ""}`]
      : [`the managed identity ${bot.identityId.split("/").at(-1)}, which the bot is`]),
    ...(chosen.signInApp === undefined || both
      ? []
      : [`${application(chosen.signInApp)}, through which people sign in`]),
    ...(chosen.webApp
      ? [`the plan ${chosen.webApp.planId.split("/").at(-1)}`]
      : [
          seen.webApp
            ? `the web app ${seen.webApp.name}, with its code and its settings`
            : `${bot.endpoint}, where the bot is hosted`,
        ]),
    ...(chosen.vault === undefined ? [] : [`the vault ${chosen.vault}`]),
    ...(chosen.workspace === undefined ? [] : [`the log workspace ${chosen.workspace.split("/").at(-1)}`]),
  ];
}

/** What is written to what is adopted or used, a sentence each. */
export function writtenThings(
  { bot }: HandMade,
  chosen: {
    readonly webApp: HandMadeWebApp | undefined;
    readonly problems: readonly string[];
    readonly displayName: boolean;
    readonly signInApp: boolean;
  },
): string[] {
  const { webApp } = chosen;
  const dropped = webApp ? droppedSettings(webApp) : [];
  return [
    `tags at the bot, which say that it is this stack's${chosen.problems.length > 0 ? `; of its own those go that the settings do not take: ${chosen.problems.join(" ")}` : ""}`,
    ...(chosen.displayName ? [] : [`the bot's display name, cut to 35 characters: ${bot.displayName.slice(0, 35)}`]),
    ...(bot.identityId === undefined
      ? ["two passwords at the bot's application, beside those that it has; they go into the vault"]
      : []),
    ...(chosen.signInApp
      ? ["two passwords at the application through which people sign in; no connection uses them until a rotation"]
      : []),
    ...(webApp
      ? [
          `the web app ${webApp.name}: its code, its settings, an identity that reads the vault, https only, TLS 1.2, no publishing with a password`,
          ...(dropped.length > 0
            ? [
                `settings of the web app that the program says otherwise or does without go: ${dropped.sort().join(", ")}`,
              ]
            : []),
        ]
      : []),
  ];
}

/** What nobody can read, and what stays beside, a sentence each. */
export function leftOut(
  seen: HandMade,
  chosen: { readonly vault: string | undefined; readonly webApp: HandMadeWebApp | undefined },
): string[] {
  const others = seen.channels.filter(
    (name) => !["MsTeamsChannel", "WebChatChannel", "DirectLineChannel"].includes(name),
  );
  const vaults = seen.vaults.filter(({ name }) => name !== chosen.vault);
  const { bot, applications } = seen;
  const passwords = applications.get(bot.appId.toLowerCase())?.passwords ?? 0;
  return [
    ...(passwords > 0
      ? [
          `the ${passwords === 1 ? "password" : `${passwords} passwords`} that the bot's application has: nobody can read ${passwords === 1 ? "it" : "them"}, and ${passwords === 1 ? "it stays" : "they stay"} good. Take ${passwords === 1 ? "it" : "them"} away when nothing uses ${passwords === 1 ? "it" : "them"} any more`,
        ]
      : []),
    "the secrets of the connections: they stay as they are",
    "the sites of Web Chat and Direct Line, with their keys: they stay as they are",
    ...others.map((name) => `the channel ${name}: it stays at the bot, and goes with it`),
    ...vaults.map(
      ({ name, byRoles }) =>
        `the vault ${name}${byRoles ? "" : ", which is opened by access policies and not by roles"}: the program makes one of its own for what it keeps`,
    ),
    ...seen.vaultsElsewhere.map((name) => `the vault ${name}, which is not in the subscription`),
  ];
}
