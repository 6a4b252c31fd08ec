import type { StateResource } from "../drift/state";
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
/** Each call into a dynamic provider signs in anew. */
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

/** The program's own providers. Their resources all have one type, and tell by their ids which they are. */
const own: readonly { id: RegExp; kind: string; calls(of: string): readonly AzureCall[] }[] = [
  {
    id: /(.*\/channels\/DirectLineChannel)\/sites\/[^/]+$/,
    kind: "DirectLineSite",
    // The site, then enhanced authentication; afterwards the program asks for the keys.
    calls: (channel) => [
      ...[signIn, get(channel), put(channel), get(channel), put(channel), get(channel)],
      post(`${channel}/listChannelWithKeys`),
    ],
  },
  {
    id: /(.*\/channels\/WebChatChannel)\/sites\/[^/]+$/,
    kind: "WebChatDefaultSite",
    calls: (channel) => [signIn, get(channel), put(channel), get(channel)],
  },
  // Lives in the state alone.
  { id: /^(fixed-settings)$/, kind: "FixedSettingsCheck", calls: () => [] },
  // Its id is the date that it keeps.
  { id: /^(\d{4}-\d\d-\d\dT[\d:]+Z)$/, kind: "RotationDate", calls: () => [] },
  {
    id: /(.*\/connections\/[^/]+)\/check$/,
    kind: "ConnectionCheck",
    calls: (connection) => [signIn, get(connection)],
  },
  {
    id: /(.*\/Microsoft\.Web\/sites\/[^/]+)\/code$/,
    kind: "DeployedCode",
    calls: (site) => {
      const name = site.slice(site.lastIndexOf("/") + 1);
      const scm = `https://${name}.scm.azurewebsites.net/api`;
      const health = `https://${name}.azurewebsites.net/healthz`;
      return [
        ...[signIn, get(site), get(`${site}/config/configreferences/appsettings`)],
        ...[signIn, get(`${scm}/deployments`), get(`${scm}/deployments`), post(`${scm}/publish`)],
        ...[get(`${site}/deploymentStatus/id`), get(health), get(health)],
      ];
    },
  },
  {
    id: /^https:\/\/([^/]+)\/healthz$/,
    kind: "BotHealth",
    // What was unwell a moment ago is looked at again.
    calls: (host) => [
      get(`https://${host.slice(arm.length)}/healthz`),
      get(`https://${host.slice(arm.length)}/healthz`),
    ],
  },
];

/** The calls that make a resource of a stack's state; none for what is made without Azure. */
export function creationOf({ type, id = "" }: StateResource): Creation {
  const kind = type.split(":").at(-1) ?? type;
  if (type.startsWith("azure-native:")) {
    const url = `${arm}${id}`;
    return { kind, calls: armPeculiarities[kind]?.(url) ?? [get(url), put(url), get(url)] };
  }
  if (type.startsWith("azuread:")) return { kind, calls: entra[kind] ?? [] };
  for (const row of own) {
    const of = row.id.exec(id)?.[1];
    if (type.startsWith("pulumi-nodejs:dynamic:") && of) return { kind: row.kind, calls: row.calls(`${arm}${of}`) };
  }
  return { kind, calls: [] };
}
