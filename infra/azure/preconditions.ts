import { type ExistingById, type ExistingKind, idTypes, partsOf } from "../deployment/existing";
import type { Tags } from "../deployment/tags";
import {
  type FoundGroup,
  type FoundPlan,
  type FoundRegion,
  type FoundSignIn,
  type FoundVault,
  handedInBotApp,
  handedInGroup,
  handedInIdentity,
  handedInPlan,
  handedInSignInApp,
  handedInVault,
  handedInWorkspace,
  type Obstacle,
  ofSubscription,
  ownGroup,
  unknownRegion,
} from "../deployment/preconditions";
import type { Access } from "./access";
import { type Arm, armClient } from "./arm";
import { AzureCallError } from "./azure-call-error";
import { botServiceVersion } from "./bot-service";
import { keyVaultVersion } from "./key-vault";
import { withClientId } from "./graph";

/** What a deployment is about to meet in Azure. What is not known yet is left out. */
export interface Meeting {
  readonly subscriptionId?: string;
  readonly tenantId?: string;
  readonly location?: string;
  readonly hostingSize: string;
  /** The group that it makes; left out where one is handed in, or where it has made it. */
  readonly ownGroup?: string;
  /** The marks by which what it has made is known to be its own. */
  readonly marks: Tags;
  readonly existing: Readonly<Partial<Record<ExistingKind, string>>>;
  readonly redirectAddress: string;
  /** Ids of the delegated permissions that the connections ask for, by what they are called. */
  readonly permissions: Readonly<Record<string, string>>;
  /** Names that nobody else in the world may have, of what it makes. */
  readonly names: Readonly<Partial<Record<WorldwideName, string>>>;
  /** The group in which those are made. */
  readonly resourceGroup?: string;
}

export type WorldwideName = "vault" | "webApp" | "bot";

/** One thing that was looked at. */
export interface Look {
  /** The setting that names it: `existing.vault`. */
  readonly setting: string;
  /** As a person calls it: `the vault shared-vault`. */
  readonly what: string;
  /** Unseen: whoever looks may not. */
  readonly state: "fit" | "unfit" | "unseen";
  readonly obstacle?: Obstacle;
}

const groupVersion = "2021-04-01";
const versions: Readonly<Record<ExistingById, string>> = {
  vault: keyVaultVersion,
  plan: "2024-04-01",
  workspace: "2023-09-01",
  botIdentity: "2023-01-31",
};

/**
 * Looks at all that a deployment is about to meet, before it writes anything: what was handed in, and what bears a name that
 * the program is going to give. Asks everything at once and changes nothing. Throws an AzureCallError where Azure cannot be
 * asked at all.
 */
export function lookAhead(access: Access, meeting: Meeting): Promise<Look[]> {
  const arm = armClient(access);
  const { subscriptionId, existing, marks } = meeting;
  const looks: Promise<Look>[] = [];
  if (subscriptionId !== undefined) {
    const groupAt = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
    const group = existing.resourceGroup;
    if (group !== undefined) {
      looks.push(
        look("existing.resourceGroup", `the resource group ${group}`, async () =>
          handedInGroup(group, await arm.find<FoundGroup>(groupAt(group), groupVersion)),
        ),
      );
    }
    const own = meeting.ownGroup;
    if (own !== undefined) {
      looks.push(
        look("resourceGroup", `the resource group ${own}`, async () =>
          ownGroup(own, marks, await arm.find<FoundGroup>(groupAt(own), groupVersion)),
        ),
      );
    }
    const { location } = meeting;
    if (location !== undefined && own !== undefined) {
      looks.push(look("location", `the region ${location}`, () => noRegion(arm, subscriptionId, location)));
    }
    looks.push(...namesTaken(arm, subscriptionId, meeting));
  }
  looks.push(...handedIn(arm, meeting));
  if (existing.signInApp !== undefined && meeting.tenantId !== undefined) {
    const { tenantId, redirectAddress, permissions } = meeting;
    const clientId = existing.signInApp;
    looks.push(
      look("existing.signInApp", `the application ${clientId}`, async () =>
        handedInSignInApp(await signIn(access, clientId), { tenantId, redirectAddress, permissions }),
      ),
    );
  }
  if (existing.botApp !== undefined && meeting.tenantId !== undefined) {
    const { botApp, tenantId } = { ...existing, ...meeting } as { botApp: string; tenantId: string };
    looks.push(
      look("existing.botApp", `the application ${botApp}`, async () =>
        handedInBotApp(await signIn(access, botApp), tenantId),
      ),
    );
  }
  return Promise.all(looks);
}

/** Gives a look its state. Who may not look is not told that something is wrong: Azure says so at the first write. */
async function look(setting: string, what: string, judge: () => Promise<Obstacle | undefined>): Promise<Look> {
  try {
    const obstacle = await judge();
    return obstacle ? { setting, what, state: "unfit", obstacle } : { setting, what, state: "fit" };
  } catch (error) {
    if (error instanceof AzureCallError && [401, 403].includes(error.status ?? 0))
      return { setting, what, state: "unseen" };
    throw error;
  }
}

async function noRegion(arm: Arm, subscriptionId: string, location: string): Promise<Obstacle | undefined> {
  return unknownRegion(location, await regionsOf(arm, subscriptionId));
}

/** Azure knows its regions, and which of them a subscription has: no list of ours outlives it. */
export async function regionsOf(arm: Arm, subscriptionId: string): Promise<readonly FoundRegion[]> {
  const path = `/subscriptions/${subscriptionId}/locations`;
  return (await arm.find<{ value: FoundRegion[] }>(path, groupVersion))?.value ?? [];
}

function handedIn(arm: Arm, meeting: Meeting): Promise<Look>[] {
  const { existing, subscriptionId, tenantId, location, hostingSize } = meeting;
  const judges: Readonly<Record<ExistingById, (id: string, found: object | undefined) => Obstacle | undefined>> = {
    vault: (id, found) =>
      tenantId === undefined ? undefined : handedInVault(id, found as FoundVault | undefined, tenantId),
    plan: (_id, found) =>
      location === undefined ? undefined : handedInPlan(found as FoundPlan | undefined, { location, hostingSize }),
    workspace: (_id, found) => handedInWorkspace(found),
    botIdentity: (_id, found) => handedInIdentity(found),
  };
  const nouns = { vault: "vault", plan: "plan", workspace: "log workspace", botIdentity: "managed identity" };
  return (Object.keys(idTypes) as ExistingById[]).flatMap((setting) => {
    const id = existing[setting];
    if (id === undefined) return [];
    const what = `the ${nouns[setting]} ${partsOf(setting, id).name}`;
    const judge = async (): Promise<Obstacle | undefined> => {
      // Logs may go to another subscription; secrets and web apps are made by the deployment's own.
      const ofAnother =
        setting === "workspace" || subscriptionId === undefined ? undefined : ofSubscription(id, subscriptionId);
      return ofAnother ?? judges[setting](id, await arm.find<object>(id, versions[setting]));
    };
    return [look(`existing.${setting}`, what, judge)];
  });
}

/** Application or, where that is of another tenant, service principal of a client id. */
async function signIn(access: Access, clientId: string): Promise<FoundSignIn> {
  const [application] = await withClientId<Application>(access, "applications", clientId);
  if (application) {
    const { displayName, web, requiredResourceAccess = [] } = application;
    const permissionIds = requiredResourceAccess
      .flatMap(({ resourceAccess }) => resourceAccess)
      .filter(({ type }) => type === "Scope")
      .map(({ id }) => id);
    return { application: { displayName, redirectUris: web?.redirectUris ?? [], permissionIds } };
  }
  const [principal] = await withClientId<{ appOwnerOrganizationId?: string }>(access, "servicePrincipals", clientId);
  const elsewhere = principal?.appOwnerOrganizationId;
  return elsewhere === undefined ? {} : { elsewhere };
}

interface Application {
  readonly displayName: string;
  readonly web?: { readonly redirectUris?: readonly string[] };
  readonly requiredResourceAccess?: readonly {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
  }[];
}

/** How a name that the world shares is asked for, kind by kind. */
const shared: Readonly<
  Record<
    WorldwideName,
    {
      noun: string;
      setting: string;
      type: string;
      version: string;
      action: string;
      asked: string;
      free: string;
      why: string;
    }
  >
> = {
  vault: {
    noun: "vault",
    setting: "vault",
    type: "Microsoft.KeyVault/vaults",
    version: keyVaultVersion,
    action: "Microsoft.KeyVault/checkNameAvailability",
    asked: "Microsoft.KeyVault/vaults",
    free: "nameAvailable",
    why: "message",
  },
  webApp: {
    noun: "web app",
    setting: "webApp",
    type: "Microsoft.Web/sites",
    version: "2024-04-01",
    action: "Microsoft.Web/checknameavailability",
    asked: "Microsoft.Web/sites",
    free: "nameAvailable",
    why: "message",
  },
  bot: {
    noun: "bot",
    setting: "botHandle",
    type: "Microsoft.BotService/botServices",
    version: botServiceVersion,
    action: "Microsoft.BotService/checkNameAvailability",
    asked: "azurebot",
    free: "valid",
    why: "message",
  },
};

function namesTaken(arm: Arm, subscriptionId: string, { names, resourceGroup }: Meeting): Promise<Look>[] {
  return (Object.keys(shared) as WorldwideName[]).flatMap((thing) => {
    const name = names[thing];
    if (name === undefined) return [];
    const { noun, setting } = shared[thing];
    return [look(setting, `the ${noun} ${name}`, () => taken(arm, subscriptionId, thing, name, resourceGroup))];
  });
}

/** Azure calls one's own name taken as well, so it is asked only where there is nothing of the name in the group. */
async function taken(
  arm: Arm,
  subscriptionId: string,
  thing: WorldwideName,
  name: string,
  group: string | undefined,
): Promise<Obstacle | undefined> {
  const { type, version, action, asked, free, why } = shared[thing];
  const subscription = `/subscriptions/${subscriptionId}`;
  const own = group && (await arm.find(`${subscription}/resourceGroups/${group}/providers/${type}/${name}`, version));
  if (own) return undefined;
  // Bot Service is asked at the tenant, the others in the subscription.
  const at = thing === "bot" ? `/providers/${action}` : `${subscription}/providers/${action}`;
  const answer = await arm.ask<Readonly<Record<string, unknown>>>(at, version, { name, type: asked }, [free]);
  if (answer[free] !== false) return undefined;
  if (thing === "vault") {
    const bin = await arm.find<{ value: { name: string; properties: { scheduledPurgeDate?: string } }[] }>(
      `${subscription}/providers/Microsoft.KeyVault/deletedVaults`,
      version,
    );
    const deleted = bin?.value.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (deleted) {
      return {
        found: `lies in the recycle bin until ${deleted.properties.scheduledPurgeDate}, and keeps its name there`,
        fix: `Bring it back (az keyvault recover --name ${name}) or empty the bin of it (az keyvault purge --name ${name}).`,
      };
    }
  }
  const fix =
    thing === "bot" ? "Choose another: pulumi config set botHandle <name>" : "Ask again; names have random letters.";
  return {
    found: `bears a name that somebody else in the world has (${String(answer[why] || "not available")})`,
    fix,
  };
}
