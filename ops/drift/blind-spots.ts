import type { Arm } from "../../infra/azure/arm";
import { botServiceVersion } from "../../infra/azure/bot-service";
import { webVersion } from "../../infra/code/web-app";
import { plainType } from "../../infra/facts/azure-native";
import { isReference } from "../../infra/facts/key-vault-reference";
import { type Finding, shown } from "./finding";
import { isObject, nameOf, opened, secretValue, setInput, type State, type StateResource } from "../pulumi/state";

/** A difference, and how the state has to say it so that the next `pulumi up` puts it right. */
export interface Unseen extends Finding {
  mark(state: State): void;
}

/** Channels that every bot has; the program sets them. */
const bornWithTheBot = ["DirectLineChannel", "WebChatChannel"];
const secretName = /secret|password|key|token|connection.?string/i;

/** Stands in the state for a secret of somebody's, which the state never gets. */
const changedByHand = "changed by hand";

/**
 * Whether a live app setting may hold a secret in clear, by the name that somebody gave it, or because a reference to the vault was
 * deployed in its place: then its name is told, and its value is neither told nor kept.
 */
function mayBeSecret(name: string, deployed: string | undefined, live: string | undefined): boolean {
  if (live === undefined || isReference(live)) return false;
  if (deployed === undefined) return secretName.test(name);
  return isReference(deployed) || deployed === changedByHand;
}

/**
 * Looks at what `pulumi refresh` cannot see: app settings, which a read of a web app leaves out
 * (https://github.com/pulumi/pulumi-azure-native/issues/4263), secrets, which Azure takes and does not show, and channels
 * that the program never made.
 * @param state as refreshed, with secrets shown
 */
export async function unseenDifferences(state: State, arm: Arm): Promise<Unseen[]> {
  const resources = state.deployment.resources ?? [];
  const looks = resources.flatMap((resource) => {
    const look = lookOf[resource.type];
    return look && resource.id ? [look(resource, resource.id, arm, resources)] : [];
  });
  return (await Promise.all(looks)).flat();
}

type Look = (resource: StateResource, id: string, arm: Arm, all: readonly StateResource[]) => Promise<Unseen[]>;

const lookOf: Readonly<Record<string, Look>> = {
  "azure-native:web:WebApp": lookAtAppSettings,
  "azure-native:botservice:BotConnection": lookAtClientSecret,
  "azure-native:botservice:Bot": lookAtChannels,
};

/** `/subscriptions/s/resourceGroups/g/.../sites/a` -> `{subscriptions: "s", resourcegroups: "g", sites: "a"}` */
function partsOf(id: string): Readonly<Record<string, string>> {
  const segments = id.split("/").slice(1);
  return Object.fromEntries(
    segments.flatMap((segment, at) => (at % 2 === 0 ? [[segment.toLowerCase(), segments[at + 1] ?? ""]] : [])),
  );
}

async function lookAtAppSettings(resource: StateResource, id: string, arm: Arm): Promise<Unseen[]> {
  const { properties } = await arm.ask<{ properties: Readonly<Record<string, string>> }>(
    `${id}/config/appsettings/list`,
    webVersion,
    {},
    ["properties"],
  );
  const { siteConfig } = opened(resource.inputs) as {
    siteConfig?: { appSettings?: { name: string; value: string }[] };
  };
  const deployed = new Map((siteConfig?.appSettings ?? []).map(({ name, value }) => [name, value]));
  const isHidden = (name: string): boolean => mayBeSecret(name, deployed.get(name), properties[name]);
  const live = Object.entries(properties).map(([name, value]) => ({
    name,
    value: isHidden(name) ? changedByHand : value,
  }));
  const names = [...new Set([...deployed.keys(), ...Object.keys(properties)])].sort();
  return names
    .filter((name) => deployed.get(name) !== properties[name])
    .map((name) => ({
      resource: nameOf(resource),
      field: `siteConfig.appSettings.${name}`,
      live: shown(properties[name], isHidden(name)),
      deployed: shown(deployed.get(name)),
      mark: (state) => setInput(sameIn(state, resource), ["siteConfig", "appSettings"], live),
    }));
}

/** Whether a bot was made by hand: the sites of its channels are then nobody's in the state, and neither is any other channel. */
function madeByHand(botName: string | undefined, all: readonly StateResource[]): boolean {
  const sites = all.filter(({ type }) => type === "bot-sign-in:index:WebChatDefaultSite");
  return !sites.some(({ inputs = {} }) => inputs["botName"] === botName);
}

async function lookAtClientSecret(
  resource: StateResource,
  id: string,
  arm: Arm,
  all: readonly StateResource[],
): Promise<Unseen[]> {
  const { properties: deployed } = opened(resource.inputs) as { properties?: { clientSecret?: string } };
  // One that was made by hand has the secret of whoever made it, until a rotation gives it one of ours.
  if (deployed?.clientSecret === undefined && madeByHand(partsOf(id).botservices, all)) return [];
  const { properties: live } = await arm.ask<{ properties?: { clientSecret?: string | null } }>(
    `${id}/listWithSecrets`,
    botServiceVersion,
    {},
    ["properties"],
  );
  // Of a federated connection, which has none, Bot Service shows an empty one.
  if ((live?.clientSecret ?? "") === (deployed?.clientSecret ?? "")) return [];
  return [
    {
      resource: nameOf(resource),
      field: "properties.clientSecret",
      live: "(another secret)",
      deployed: "(a secret)",
      mark: (state) => setInput(sameIn(state, resource), ["properties", "clientSecret"], secretValue(changedByHand)),
    },
  ];
}

/** A channel that stands in no state is taken into it: the program does not have it, so the next `up` removes it. */
async function lookAtChannels(
  bot: StateResource,
  id: string,
  arm: Arm,
  all: readonly StateResource[],
): Promise<Unseen[]> {
  if (madeByHand(partsOf(id).botservices, all)) return [];
  const channelType = "azure-native:botservice:Channel";
  const ours = all.filter(({ type }) => type === channelType).map(({ id }) => id?.toLowerCase());
  const { resourcegroups, botservices } = partsOf(id);
  const found: Unseen[] = [];
  for (const channel of await arm.list<{ id?: string; location?: string }>(`${id}/channels`, botServiceVersion)) {
    const name = channel.id?.split("/").at(-1) ?? "";
    if (bornWithTheBot.includes(name) || ours.includes(channel.id?.toLowerCase())) continue;
    const inputs = {
      resourceGroupName: resourcegroups,
      resourceName: botservices,
      channelName: name,
      location: channel.location,
      properties: { channelName: name },
    };
    found.push({
      resource: nameOf(bot),
      field: `channels.${name}`,
      live: "(open)",
      deployed: "(absent)",
      mark(state) {
        const [prefix = "", project = ""] = bot.urn.split("::");
        state.deployment.resources?.push({
          urn: `${prefix}::${project}::${channelType}::${name}`,
          type: channelType,
          custom: true,
          id: channel.id ?? "",
          inputs,
          outputs: { ...inputs, __inputs: inputs },
          ...(bot.provider ? { provider: bot.provider } : {}),
        });
      },
    });
  }
  return found;
}

/** Vault secrets whose live version is another one: the value that was deployed is no longer the one in use. */
export function otherVersions(before: State, after: State): Unseen[] {
  const versionOf = ({ outputs }: StateResource): unknown => {
    const properties = opened(outputs?.properties);
    return isObject(properties) ? properties.secretUriWithVersion : undefined;
  };
  const live = new Map((after.deployment.resources ?? []).map((resource) => [resource.urn, resource]));
  return (before.deployment.resources ?? [])
    .filter(({ type }) => plainType(type) === "azure-native:keyvault:Secret")
    .flatMap((resource) => {
      const now = live.get(resource.urn);
      if (!now || versionOf(now) === versionOf(resource)) return [];
      return [
        {
          resource: nameOf(resource),
          field: "properties.value",
          live: `(another secret: ${shown(versionOf(now))})`,
          deployed: "(a secret)",
          mark: (state: State) =>
            setInput(sameIn(state, resource), ["properties", "value"], secretValue(changedByHand)),
        },
      ];
    });
}

function sameIn(state: State, resource: StateResource): StateResource {
  return (state.deployment.resources ?? []).find(({ urn }) => urn === resource.urn) ?? resource;
}
