import { entra } from "../../contract/connection";
import type { AppSettingName } from "../../contract/app-settings";
import { regionOf } from "../../infra/facts/cloud";
import { declaredUnasked, permissionTexts } from "../../infra/connections/apis";
import { entraServiceName, fieldOf, parametersOf } from "../../infra/connections/providers";
import { readConnections } from "../../infra/settings/connections";
import { environmentOf } from "../../infra/settings/environment";
import { lackingOf } from "../../infra/deployment/existing";
import { isReserved, readAppSettings } from "../../infra/settings/app-settings";
import { addressesOf, type Residency, residencies } from "../../infra/facts/residency";
import { singleValues } from "../../infra/settings/single-values";
import { readTags } from "../../infra/settings/tags";
import { describe } from "../../infra/settings/settings-error";
import { OpsError } from "../cli/ops-error";
import type { BotConnection } from "../../infra/azure/bot-connections";
import type { HandMade, HandMadeWebApp } from "./hand-made";
import { type ImportFile, importsOf } from "./imports";
import { type Rebuild, rebuildOf } from "./rebuild";

/** What a person decides about an adoption. */
export interface Choices {
  readonly project: string;
  readonly stack: string;
  /** The bot's code, with which its web app is adopted, too; without it the app stays as it is. */
  readonly code?: { readonly folder?: string; readonly zip?: string; readonly sdk: string };
}

/** What becomes of a set-up that was made by hand. */
export type Decision = Adoption | Rebuild;

export interface Adoption {
  readonly kind: "adoption";
  /** By their names: `adopted`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly imports: ImportFile;
  readonly notes: Notes;
}

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

/**
 * What settings and imports bring a set-up under this program without replacing or deleting anything of it. Pure.
 * Throws an OpsError where no settings can say it as it is.
 */
export function decide(seen: HandMade, choices: Choices): Decision {
  const { bot } = seen;
  if (bot.appType === "MultiTenant") return rebuildOf(seen);
  const residency = residencyOf(seen);
  const tenantId = tenantOf(seen);
  const webApp = choices.code ? adoptedWebApp(seen, choices) : undefined;
  const vault = seen.vaults.find((one) => one.byRoles && sameText(one.tenantId, tenantId));
  const { connections, signInApp, notes } = connectionsOf(seen, { tenantId, residency });
  const teams = seen.channels.includes("MsTeamsChannel");
  const environment = environmentFor(choices.stack);
  const { tags, problems } = readTags(bot.tags, false);
  const workspace = workspaceOf(seen, webApp !== undefined);
  const displayName = singleValues.displayName.read(bot.displayName);

  const existing = {
    resourceGroup: seen.resourceGroup,
    ...(bot.identityId === undefined ? { botApp: bot.appId } : { botIdentity: bot.identityId }),
    ...(signInApp === undefined ? {} : { signInApp }),
    ...(webApp ? { plan: webApp.planId } : { endpoint: bot.endpoint }),
    ...(vault ? { vault: vault.id } : {}),
    ...(workspace === undefined ? {} : { workspace }),
  };
  const own = webApp ? ownSettings(webApp).own : {};
  const settings = {
    ...(environment ? { environment } : {}),
    tenant: tenantId,
    location: webApp?.location ?? seen.webApp?.location ?? regionOf(seen.groupLocation),
    residency,
    displayName: displayName ?? bot.displayName.slice(0, 35),
    botSku: bot.sku,
    ...(bot.identityId === undefined ? {} : { identity: "managed" }),
    protect: true,
    // What the connections say themselves goes on: the program adds no addresses to an application of others.
    singleSignOn: false,
    chatPage: { enabled: false },
    adopted: {
      bot: bot.name,
      teams,
      ...(webApp ? { webApp: webApp.name, ...(webApp.systemIdentity ? { systemIdentity: true } : {}) } : {}),
    },
    connections,
    existing,
    ...(choices.code ? { code: choices.code } : {}),
    ...(Object.keys(own).length > 0 ? { appSettings: own } : {}),
    ...(tags && Object.keys(tags).length > 0 ? { tags } : {}),
  };
  return {
    kind: "adoption",
    settings,
    imports: importsOf(seen, choices.project, { connections: connections.map(({ name }) => name), teams, webApp }),
    notes: {
      adopted: [
        `the bot ${bot.name}`,
        ...connections.map(({ name }) => `the connection ${name}, with its own secret until a rotation makes it anew`),
        ...(teams ? ["its Teams channel, as it is"] : []),
        ...(webApp ? [`the web app ${webApp.name}`] : []),
      ],
      used: usedThings(seen, { vault: vault?.name, signInApp, workspace, webApp }),
      written: writtenThings(seen, {
        webApp,
        signInApp: signInApp !== undefined,
        problems: problems.map(describe),
        displayName: displayName !== undefined,
      }),
      leftOut: [...notes, ...leftOut(seen, { vault: vault?.name, webApp }), ...seen.unread],
    },
  };
}

function residencyOf({ bot }: HandMade): Residency {
  const found = residencies.find((one) => addressesOf(one).botLocation === bot.location);
  if (found) return found;
  throw cannot(
    `The bot ${bot.name} is at the location ${bot.location}, and the settings know ${residencies.map((one) => addressesOf(one).botLocation).join(", ")}`,
    "A bot never moves, so this program would have to make it anew: leave it out, or rebuild it as npm run adopt tells it of a multi-tenant bot.",
  );
}

function tenantOf({ bot, tenantId, applications }: HandMade): string {
  const said = bot.appTenantId ?? tenantId;
  if (!sameText(said, tenantId)) {
    throw cannot(
      `The bot's application is of the tenant ${said}, and its subscription of ${tenantId}`,
      "The program works in one tenant: ask whoever looks after the other one to move the subscription, or leave the bot out.",
    );
  }
  if (bot.identityId === undefined && !applications.get(bot.appId.toLowerCase())) {
    throw cannot(
      `The bot's application ${bot.appId} is not in the tenant ${tenantId}: the bot gets no token`,
      `bring it back from the bin (az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/<object id>/restore), or correct the tenant`,
    );
  }
  return tenantId.toLowerCase();
}

/** A stack that is called as an environment is that one; what people talk to already is production. */
function environmentFor(stack: string): string | undefined {
  return typeof environmentOf(stack, undefined) === "string" ? undefined : "prod";
}

interface Connections {
  readonly connections: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  /** Client id of the application that gets a password, so that a rotation can renew its connections. */
  readonly signInApp: string | undefined;
  readonly notes: readonly string[];
}

function connectionsOf(
  seen: HandMade,
  { tenantId, residency }: { readonly tenantId: string; readonly residency: Residency },
): Connections {
  const notes: string[] = [];
  const written = seen.connections.flatMap((connection) => {
    const one = asSettings(connection, tenantId);
    if (one === undefined) {
      notes.push(
        `the connection ${connection.name}: nobody knows its provider ${connection.providerId}; it stays beside`,
      );
      return [];
    }
    const { problems } = readConnections([one], false);
    if (problems.length === 0) return [{ connection, one }];
    notes.push(`the connection ${connection.name} stays beside: ${problems.map(describe).join(" ")}`);
    return [];
  });
  if (written.length === 0) {
    throw cannot(
      `The bot ${seen.bot.name} has no connection that the settings can say`,
      notes.length > 0 ? `Left out: ${notes.join("; ")}.` : "add one first: docs/add-a-connection.md",
    );
  }
  const candidates = [
    ...new Set(written.filter(({ one }) => one["provider"] === entra).map(({ connection }) => connection.clientId)),
  ];
  const { redirectAddress } = addressesOf(residency);
  const fit = candidates.find((clientId) => {
    const application = seen.applications.get(clientId.toLowerCase());
    if (!application) {
      notes.push(`the application ${clientId} is not in the tenant: nobody renews its secret here`);
      return false;
    }
    const through = written.filter(({ connection }) => connection.clientId === clientId).map(({ one }) => one);
    const args = through.map(({ clientId: _own, ...one }) => one as never);
    const lacking = lackingOf(application, { redirectAddress, permissions: permissionTexts(declaredUnasked(args)) });
    if (lacking.length === 0) return true;
    notes.push(
      `the application ${application.displayName} (${clientId}): ${lacking.join("; ")}. Until its owner adds that, nobody renews its secret here; then name it as existing.signInApp, and take clientId away from its connections`,
    );
    return false;
  });
  return {
    connections: written.map(({ one, connection }) => {
      if (fit === undefined || connection.clientId !== fit || one["provider"] !== entra) return one;
      const { clientId: _throughIt, ...rest } = one;
      return rest;
    }),
    signInApp: fit,
    notes,
  };
}

/** A connection as the settings say it, with the client id of its application; undefined where they cannot. */
function asSettings(
  { name, provider, clientId, scopes, parameters }: BotConnection,
  tenantId: string,
): ({ readonly name: string } & Readonly<Record<string, unknown>>) | undefined {
  if (!provider) return undefined;
  const own = provider.name === entraServiceName;
  const said = parametersOf(provider).flatMap((parameter) => {
    const value = parameters.get(parameter.name.toLowerCase());
    if (parameter.type === "securestring" || value === undefined || value === "") return [];
    if (own && parameter.name.toLowerCase() === "tenantid" && sameText(value, tenantId)) return [];
    return value === parameter.default ? [] : [[fieldOf(parameter), value] as const];
  });
  // Without a tenant of its own the Token Service takes people of every tenant in.
  const everybody = own && !parameters.get("tenantid") ? { tenantId: "common" } : {};
  return {
    name,
    provider: own ? entra : provider.name,
    scopes: scopes.split(provider.name === "oauth2" ? /[\s,]+/ : /\s+/).filter(Boolean),
    adopted: true,
    ...(clientId ? { clientId } : {}),
    ...everybody,
    ...Object.fromEntries(said),
  };
}

/** The web app that gets the code from now on. Throws an OpsError where it would lose what the program does not know. */
function adoptedWebApp(seen: HandMade, { code }: Choices): HandMadeWebApp {
  const { webApp, bot } = seen;
  const from = code?.folder ?? code?.zip ?? "";
  if (!webApp) {
    throw cannot(
      `No web app of the subscription answers at ${bot.endpoint}, so that ${from} could not be deployed to it`,
      "Leave --code out: the bot stays where it is hosted.",
    );
  }
  const { refused } = ownSettings(webApp);
  const unfit = seen.vaults.filter((one) => !(one.byRoles && sameText(one.tenantId, seen.tenantId)));
  const why = [
    ...(webApp.linux ? [] : ["it runs on Windows, and the program's web apps on Linux"]),
    ...(sameText(webApp.resourceGroup, seen.resourceGroup)
      ? []
      : [`it is in the resource group ${webApp.resourceGroup}, the bot in ${seen.resourceGroup}`]),
    ...(webApp.inNetwork ? ["it is in a virtual network, which the program would take it out of"] : []),
    ...webApp.identities.map((id) => `it has the identity ${id.split("/").at(-1)}, which the program would take away`),
    ...refused,
    ...[...unfit.map(({ name }) => name), ...seen.vaultsElsewhere].map(
      (name) => `its settings refer to the vault ${name}, which lets no roles in or is not in the subscription`,
    ),
    ...(seen.vaults.length > 1 ? ["its settings refer to more than one vault"] : []),
  ];
  if (why.length === 0) return webApp;
  throw cannot(
    `The web app ${webApp.name} cannot be adopted with its code as it is: ${why.join("; ")}`,
    "Change that first; or leave --code out, and the web app stays as it is, hosted by you.",
  );
}

/** App settings that go on as the deployer's own, and why others keep the web app from being adopted. */
function ownSettings({ settings }: HandMadeWebApp): {
  own: Readonly<Record<string, string>>;
  refused: readonly string[];
} {
  const entries = Object.entries(settings).filter(([name]) => !isReserved(name));
  const judged = entries.map(([name, value]) => {
    const { problems } = readAppSettings("appSettings", { [name]: value }, false);
    return { name, value, problem: problems[0] };
  });
  return {
    own: Object.fromEntries(judged.filter(({ problem }) => !problem).map(({ name, value }) => [name, value])),
    refused: judged.flatMap(({ name, problem }) => {
      if (!problem) return [];
      return problem.code === "plain-secret"
        ? [
            `its setting ${name} seems to hold a secret in clear: keep that in a Key Vault, and refer to it (@Microsoft.KeyVault(SecretUri=...))`,
          ]
        : [`its setting ${name} cannot be said in the settings: ${problem.allowed}`];
    }),
  };
}

/** Names of App Service and of the bot's identity that the program sets itself, or does without. */
function droppedSettings(webApp: HandMadeWebApp): string[] {
  const replaced: readonly AppSettingName[] = ["MicrosoftAppId", "MicrosoftAppType", "MicrosoftAppTenantId"];
  return Object.keys(webApp.settings).filter((name) => isReserved(name) && !replaced.includes(name as AppSettingName));
}

/** One log setting of a thing for a category and a workspace is all that Azure takes: a second one it refuses. */
function workspaceOf({ logs }: HandMade, withWebApp: boolean): string | undefined {
  const taken = logs.filter(({ of, categories }) => {
    const ours = of === "bot" ? ["BotRequest", "allLogs"] : withWebApp ? ["AppServiceConsoleLogs", "allLogs"] : [];
    return categories.some((one) => ours.includes(one));
  });
  return logs.find((one) => !taken.some(({ workspace }) => sameText(workspace, one.workspace)))?.workspace;
}

function usedThings(
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
  const both = chosen.signInApp !== undefined && sameText(chosen.signInApp, bot.appId);
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

function writtenThings(
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
    `tags at the bot, which say that it is this stack's${chosen.problems.length > 0 ? `; those that it has go, because the settings take them not: ${chosen.problems.join(" ")}` : ""}`,
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

function leftOut(
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

function cannot(cause: string, fix: string): OpsError {
  return new OpsError("settings-wrong", cause, fix);
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
