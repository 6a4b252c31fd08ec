import { isAzureNative } from "../../infra/facts/azure-native";
import type { StateResource } from "../pulumi/state";
import type { AzureCall } from "./latencies";

/** How a resource comes to be. */
export interface Creation {
  /** `WebApp`, `DirectLineSite`: the class in the program. */
  readonly kind: string;
  /** What its provider asks of Azure, one call after the other. */
  readonly calls: readonly AzureCall[];
}

const arm = "https://management.azure.com";
const graph = "https://graph.microsoft.com/v1.0";

const get = (url: string): AzureCall => ({ method: "GET", url });
const put = (url: string): AzureCall => ({ method: "PUT", url });
const post = (url: string): AzureCall => ({ method: "POST", url });
const patch = (url: string): AzureCall => ({ method: "PATCH", url });
/** Each call into the program's own provider signs in anew. */
const signIn = post("https://login.microsoftonline.com/tenant/oauth2/v2.0/token");

/** What azure-native does besides looking, writing and reading back. */
const armPeculiarities: Readonly<Record<string, (url: string) => readonly AzureCall[]>> = {
  // They exist with the web app: written without a look.
  WebAppScmAllowed: (url) => [put(url), get(url)],
  WebAppFtpAllowed: (url) => [put(url), get(url)],
  WebApp: (url) => [get(url), put(url), get(url), get(`${url}/config/web`)],
  // These are still being made when the answer comes: one look at how far they are.
  StorageAccount: (url) => [get(url), put(url), get(url), get(url)],
  Vault: (url) => [get(url), put(url), get(url), get(url)],
  Workspace: (url) => [get(url), put(url), get(url), get(url)],
};

/** azuread proves with writes that a new object has spread, and reads it by both versions of Graph. */
const directoryObject = (collection: string, proofs: number): readonly AzureCall[] => {
  const one = `${graph}/${collection}/id`;
  const proof = Array<AzureCall>(proofs).fill(patch(one));
  return [post(`${graph}/${collection}`), ...proof, get(one), get(one), get(`${one}/owners`)];
};
const app = `${graph}/applications/id`;
const entra: Readonly<Record<string, readonly AzureCall[]>> = {
  Application: directoryObject("applications", 2),
  ServicePrincipal: [get(`${graph}/servicePrincipals`), ...directoryObject("servicePrincipals", 1)],
  ApplicationPassword: [get(app), post(`${app}/addPassword`), get(app)],
  ApplicationIdentifierUri: [get(app), patch(app)],
  ApplicationPreAuthorized: [get(app), patch(app)],
  ServicePrincipalDelegatedPermissionGrant: [post(`${graph}/oauth2PermissionGrants`)],
};

/** The program's own resources that are made in Azure: which part of the id is written to, and how. */
const own: Readonly<Record<string, { of: RegExp; calls(of: string): readonly AzureCall[] }>> = {
  DirectLineSite: {
    of: /(.*\/channels\/DirectLineChannel)\/sites\/[^/]+$/,
    // The site, then enhanced authentication; afterwards the program asks for the keys.
    calls: (channel) => [
      signIn,
      get(channel),
      put(channel),
      get(channel),
      put(channel),
      get(channel),
      post(`${channel}/listChannelWithKeys`),
    ],
  },
  PasswordProof: {
    of: /^(.*)\/password$/,
    // Three tokens in a row, where Entra takes the password at once.
    calls: () => [signIn, signIn, signIn],
  },
  WebChatDefaultSite: {
    of: /(.*\/channels\/WebChatChannel)\/sites\/[^/]+$/,
    calls: (channel) => [signIn, get(channel), put(channel), get(channel)],
  },
  ConnectionCheck: {
    of: /(.*\/connections\/[^/]+)\/check$/,
    calls: (connection) => [signIn, get(connection)],
  },
  TeamsAgreement: {
    of: /^(.*\/botServices\/[^/]+)\/teams$/,
    // Channel and connections are asked for at the same time.
    calls: (bot) => [
      signIn,
      get(bot),
      get(`${bot}/connections`),
      get(`${bot}/connections/name`),
      signIn,
      get(`${graph}/applications`),
    ],
  },
  DeployedCode: {
    of: /(.*\/Microsoft\.Web\/sites\/[^/]+)\/code$/,
    calls: (site) => {
      const name = site.slice(site.lastIndexOf("/") + 1);
      const scm = `https://${name}.scm.azurewebsites.net/api`;
      const health = `https://${name}.azurewebsites.net/healthz`;
      return [
        signIn,
        get(site),
        get(`${site}/config/configreferences/appsettings`),
        signIn,
        get(`${scm}/deployments`),
        get(`${scm}/deployments`),
        post(`${scm}/publish`),
        get(`${site}/deploymentStatus/id`),
        get(health),
        get(health),
      ];
    },
  },
  BroughtCode: {
    of: /(.*\/Microsoft\.Web\/sites\/[^/]+)\/code$/,
    calls: (site) => {
      const name = site.slice(site.lastIndexOf("/") + 1);
      const messages = `https://${name}.azurewebsites.net/api/messages`;
      return [...own["DeployedCode"]!.calls(site), post(messages)];
    },
  },
  Preconditions: {
    of: /^(preconditions)$/,
    // Everything is looked at at once: a name first in the group, then in the world.
    calls: () => [
      signIn,
      get(`${arm}/subscriptions`),
      post(`${arm}/providers/Microsoft.BotService/checkNameAvailability`),
    ],
  },
  BotHealth: {
    of: /^https:\/\/([^/]+)\/healthz$/,
    // What was unwell a moment ago is looked at again.
    calls: (host) => [
      get(`https://${host.slice(arm.length)}/healthz`),
      get(`https://${host.slice(arm.length)}/healthz`),
    ],
  },
};

/** The calls that make a resource of a stack's state; none for what is made without Azure. */
export function creationOf({ type, id = "" }: StateResource): Creation {
  const kind = type.split(":").at(-1) ?? type;
  if (isAzureNative(type)) {
    const url = `${arm}${id}`;
    return { kind, calls: armPeculiarities[kind]?.(url) ?? [get(url), put(url), get(url)] };
  }
  if (type.startsWith("azuread:")) return { kind, calls: entra[kind] ?? [] };
  // What lives in the state alone has no row.
  const row = type.startsWith("bot-sign-in:index:") ? own[kind] : undefined;
  const of = row?.of.exec(id)?.[1];
  return { kind, calls: row && of ? row.calls(`${arm}${of}`) : [] };
}
