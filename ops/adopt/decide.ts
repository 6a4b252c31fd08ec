import { shellWord } from "../../cli/shell-word";
import { isAddress } from "../../infra/connections/written-connection";
import type { Tags } from "../../infra/deployment/tags";
import { regionOf } from "../../infra/facts/cloud";
import { type Residency, addressesOf, residencies } from "../../infra/facts/residency";
import { environmentOf } from "../../infra/settings/environment";
import { describe, type Problem } from "../../infra/settings/settings-error";
import { singleValues } from "../../infra/settings/single-values";
import { readTags } from "../../infra/settings/tags";
import { OpsError } from "../cli/ops-error";
import type { Choices } from "./choices";
import { connectionsOf } from "./connections";
import type { HandMade } from "./hand-made";
import { type ImportFile, importsOf } from "./imports";
import { type Notes, leftOut, usedThings, writtenThings } from "./notes";
import { type Rebuild, rebuildOf } from "./rebuild";
import { same } from "../azure/inventory/found";
import { shownEndpoint } from "../azure/shown-endpoint";
import { adoptedWebApp, ownSettings } from "./web-app";

/** What becomes of a set-up that was made by hand. */
export type Decision = Adoption | Rebuild;

export interface Adoption {
  readonly kind: "adoption";
  /** By their names: `adopted`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly imports: ImportFile;
  readonly notes: Notes;
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
  const vault = seen.vaults.find((one) => one.byRoles && same(one.tenantId, tenantId));
  const { connections, signInApp, notes } = connectionsOf(seen, { tenantId, residency });
  const teams = seen.channels.includes("MsTeamsChannel");
  const environment = environmentFor(choices.stack);
  const { tags, problems } = tagsOf(bot.tags);
  const workspace = workspaceOf(seen, webApp !== undefined);
  const displayName = singleValues.displayName.read(bot.displayName);

  const existing = {
    resourceGroup: seen.resourceGroup,
    ...(bot.identityId === undefined ? { botApp: bot.appId } : { botIdentity: bot.identityId }),
    ...(signInApp === undefined ? {} : { signInApp }),
    ...(webApp ? { plan: webApp.planId } : { endpoint: endpointOf(seen) }),
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
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
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
  throw new OpsError(
    "settings-wrong",
    `The bot ${bot.name} is at the location ${bot.location}, and the settings know ${residencies.map((one) => addressesOf(one).botLocation).join(", ")}`,
    "A bot never moves, so this program would have to make it anew: leave it out, or rebuild it as npm run adopt tells it of a multi-tenant bot.",
  );
}

function tenantOf({ bot, tenantId, applications }: HandMade): string {
  const said = bot.appTenantId ?? tenantId;
  if (!same(said, tenantId)) {
    throw new OpsError(
      "settings-wrong",
      `The bot's application is of the tenant ${said}, and its subscription of ${tenantId}`,
      "The program works in one tenant: ask whoever looks after the other one to move the subscription, or leave the bot out.",
    );
  }
  if (bot.identityId === undefined && !applications.get(bot.appId.toLowerCase())) {
    throw new OpsError(
      "settings-wrong",
      `The bot's application ${bot.appId} is not in the tenant ${tenantId}: the bot gets no token`,
      `bring it back from the bin (az rest --method post --url https://graph.microsoft.com/v1.0/directory/deletedItems/<object id>/restore), or correct the tenant`,
    );
  }
  return tenantId.toLowerCase();
}

/** Where the bot is hosted. Throws an OpsError where the settings cannot say it: without what a query may hold, such as a key. */
function endpointOf({ bot, resourceGroup }: HandMade): string {
  const { endpoint, name } = bot;
  if (isAddress(endpoint)) return endpoint;
  const update = `az bot update --resource-group ${shellWord(resourceGroup)} --name ${name} --endpoint https://<host>/api/messages`;
  if (endpoint === "")
    throw new OpsError("settings-wrong", `The bot ${name} has no messaging endpoint`, `Say where it runs: ${update}`);
  throw new OpsError(
    "settings-wrong",
    `The bot ${name} takes messages at ${shownEndpoint(endpoint)}, and the settings take an https address without query alone`,
    `Have it take them at such a one, or leave it out: ${update}`,
  );
}

/** The tags that the settings take, and why they do not take the others. */
function tagsOf(given: Tags): { tags: Tags; problems: readonly Problem[] } {
  const judged = Object.entries(given).map(([name, value]) => {
    const { problems } = readTags({ [name]: value }, false);
    return { name, value, problems };
  });
  const taken = judged.filter(({ problems }) => problems.length === 0).map(({ name, value }) => [name, value] as const);
  const { tags, problems } = readTags(Object.fromEntries(taken), false);
  return { tags: tags ?? {}, problems: [...judged.flatMap((one) => one.problems), ...problems] };
}

/** A stack that is called as an environment is that one; what people talk to already is production. */
function environmentFor(stack: string): string | undefined {
  return typeof environmentOf(stack, undefined) === "string" ? undefined : "prod";
}

/** One log setting of a thing for a category and a workspace is all that Azure takes: a second one it refuses. */
function workspaceOf({ logs }: HandMade, withWebApp: boolean): string | undefined {
  const taken = logs.filter(({ of, categories }) => {
    const ours = of === "bot" ? ["BotRequest", "allLogs"] : withWebApp ? ["AppServiceConsoleLogs", "allLogs"] : [];
    return categories.some((one) => ours.includes(one));
  });
  return logs.find((one) => !taken.some(({ workspace }) => same(workspace, one.workspace)))?.workspace;
}
