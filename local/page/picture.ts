import type { Application } from "../azure/entra/application";
import type { DirectoryStore } from "../azure/entra/directory-store";
import type { Resource, Resources } from "../azure/service";

export type NodeKind = "identity" | "secret" | "app" | "bot" | "data" | "outside" | "missing";

/** One thing of the picture. */
export interface PictureNode {
  readonly id: string;
  readonly title: string;
  /** What it is, in Azure's words. */
  readonly type: string;
  readonly kind: NodeKind;
  /** More about it, as name and value; never a secret. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** One relation: who reads, trusts, or points to whom. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** What the picture says of an application that nobody has consented to. */
export const nobodyConsented = "nobody has consented";

/** The stores that the picture is drawn from. */
export interface Stores {
  readonly resources: Pick<Resources, "list" | "get">;
  readonly entra: Pick<DirectoryStore, "applications" | "servicePrincipals" | "oauth2PermissionGrants" | "tenant">;
  /** Name of a role by the id of its definition. */
  readonly roleName: (roleDefinitionId: string) => string | undefined;
}

const graph = "graph";
const tokenService = "token-service";

/**
 * Draws what was deployed: nodes for resources of ARM and applications of Entra, edges for who reads which secret, who
 * trusts whom and which address points where. What something names and nobody has is drawn as missing.
 */
export function pictureOf(stores: Stores): Picture {
  const drawing = new Drawing();
  const list = (type: string): Resource[] => stores.resources.list(type);
  for (const site of list("Microsoft.Web/sites")) drawing.node(site, "Web app", "app", siteFacts(site));
  for (const one of list("Microsoft.ManagedIdentity/userAssignedIdentities")) {
    drawing.node(one, "Managed identity", "identity", [["client id", text(one.properties.clientId)]]);
  }
  for (const vault of list("Microsoft.KeyVault/vaults")) drawing.node(vault, "Key Vault", "secret", []);
  for (const secret of list("Microsoft.KeyVault/vaults/secrets")) {
    drawing.node(secret, "Secret", "secret", secretFacts(secret));
    drawing.edge(parentOf(secret.id), secret.id, "keeps");
  }
  for (const container of list("Microsoft.Storage/storageAccounts/blobServices/containers")) {
    drawing.node(container, "Blob container", "data", [["account", container.id.split("/")[8] ?? ""]]);
  }
  for (const workspace of list("Microsoft.OperationalInsights/workspaces")) {
    drawing.node(workspace, "Log Analytics workspace", "data", []);
  }
  for (const bot of list("Microsoft.BotService/botServices")) {
    drawing.node(bot, "Azure Bot", "bot", [["endpoint", text(bot.properties.endpoint)]]);
  }
  for (const connection of list("Microsoft.BotService/botServices/connections")) {
    drawing.node(connection, "OAuth connection", "bot", [
      ["provider", text(connection.properties.serviceProviderDisplayName)],
      ["scopes", text(connection.properties.scopes)],
    ]);
    drawing.edge(parentOf(connection.id), connection.id, "has");
  }
  for (const channel of list("Microsoft.BotService/botServices/channels")) drawChannel(drawing, channel);
  for (const application of stores.entra.applications.values()) {
    if (application.appId !== stores.entra.tenant.deployer.clientId) drawApplication(drawing, application, stores);
  }
  for (const site of list("Microsoft.Web/sites")) drawSite(drawing, site, stores);
  for (const bot of list("Microsoft.BotService/botServices")) drawBot(drawing, bot, stores);
  for (const one of list("Microsoft.BotService/botServices/connections")) {
    drawConnection(drawing, one);
  }
  drawRoles(drawing, stores);
  for (const one of list("Microsoft.Insights/diagnosticSettings")) {
    drawing.edge(scopeOf(one.id), text(one.properties.workspaceId), "logs to");
  }
  return drawing.picture();
}

/** Providers whose client id is an application of Entra's. */
const entraProviders = /^(Azure Active Directory|AAD )/;

/** Whom a connection signs users in by: an application of the tenant's, or a provider outside it. */
function drawConnection(drawing: Drawing, { id, properties }: Resource): void {
  const provider = text(properties.serviceProviderDisplayName);
  if (entraProviders.test(provider)) {
    return drawing.edge(id, drawing.application(text(properties.clientId)), "signs users in by");
  }
  const parameters = (properties.parameters ?? []) as readonly { key: string; value: string | null }[];
  const address = parameters.find(({ key }) => /^authorizationurl(template)?$/i.test(key))?.value;
  const host = (address && URL.parse(address)?.host) || provider;
  drawing.node({ id: `provider:${host}`, name: host }, "Identity provider", "outside", []);
  drawing.edge(id, `provider:${host}`, "signs users in at");
}

class Drawing {
  readonly #nodes = new Map<string, PictureNode>();
  readonly #edges: PictureEdge[] = [];

  node({ id, name }: { id: string; name: string }, type: string, kind: NodeKind, facts: PictureNode["facts"]): void {
    this.#nodes.set(id.toLowerCase(), { id: id.toLowerCase(), title: name, type, kind, facts });
  }

  /** Adds what is known of a node. */
  fact(id: string, name: string, value: string): void {
    const node = this.#nodes.get(id.toLowerCase());
    if (node) this.#nodes.set(node.id, { ...node, facts: [...node.facts, [name, value]] });
  }

  /** The node of an application or a managed identity, by client id; a missing one where the tenant has neither. */
  application(appId: string): string {
    const identity = this.find(({ facts }) =>
      facts.some(([name, value]) => name === "client id" && value.toLowerCase() === appId.toLowerCase()),
    );
    if (identity) return identity;
    const id = `app:${appId}`.toLowerCase();
    if (!this.#nodes.has(id)) this.node({ id, name: appId || "(none)" }, "No such application", "missing", []);
    return id;
  }

  /** The node of an address' host, or a missing one. */
  host(host: string, type: string): string {
    for (const node of this.#nodes.values()) {
      if (node.facts.some(([name, value]) => name === "host" && value.toLowerCase() === host.toLowerCase()))
        return node.id;
    }
    this.node({ id: host, name: host || "(none)" }, type, "missing", []);
    return host.toLowerCase();
  }

  has(id: string): boolean {
    return this.#nodes.has(id.toLowerCase());
  }

  find(matches: (node: PictureNode) => boolean): string | undefined {
    return [...this.#nodes.values()].find(matches)?.id;
  }

  edge(from: string, to: string, label: string): void {
    const edge = { from: from.toLowerCase(), to: to.toLowerCase(), label };
    const known = this.#edges.some((one) => one.from === edge.from && one.to === edge.to && one.label === label);
    if (!known) this.#edges.push(edge);
  }

  /** Edges whose ends are drawn; several between the same two become one with all their labels. */
  picture(): Picture {
    const edges = new Map<string, PictureEdge>();
    for (const edge of this.#edges) {
      if (!this.has(edge.from) || !this.has(edge.to)) continue;
      const key = `${edge.from} ${edge.to}`;
      const known = edges.get(key);
      edges.set(key, known ? { ...known, label: `${known.label}, ${edge.label}` } : edge);
    }
    return { nodes: [...this.#nodes.values()], edges: [...edges.values()] };
  }
}

function drawChannel(drawing: Drawing, channel: Resource): void {
  const inner = channel.properties.properties as { sites?: readonly Site[]; isEnabled?: boolean } | undefined;
  const sites = inner?.sites?.filter(({ isEnabled }) => isEnabled) ?? [];
  // A channel all of whose sites are switched off delivers nothing.
  if (inner?.sites && sites.length === 0) return;
  drawing.node({ id: channel.id, name: channel.name.replace(/Channel$/, "") }, "Channel", "bot", [
    ...sites.map((site): readonly [string, string] => [
      `site ${site.siteName}`,
      site.isSecureSiteEnabled ? "enhanced authentication" : "open to every page",
    ]),
  ]);
  drawing.edge(parentOf(channel.id), channel.id, "has");
  for (const origin of sites.flatMap(({ trustedOrigins }) => trustedOrigins ?? [])) {
    drawing.edge(channel.id, drawing.host(new URL(origin).hostname, "No such web app"), "trusts the origin");
  }
}

interface Site {
  readonly siteName: string;
  readonly isEnabled: boolean;
  readonly isSecureSiteEnabled: boolean;
  readonly trustedOrigins: readonly string[] | null;
}

function drawApplication(drawing: Drawing, application: Application, { entra }: Stores): void {
  const id = `app:${application.appId}`;
  drawing.node({ id, name: application.displayName }, "Entra application", "identity", [
    ["client id", application.appId],
    ...application.passwordCredentials.map((one): readonly [string, string] => [
      "secret ends",
      one.endDateTime.slice(0, 10),
    ]),
    ...application.web.redirectUris.map((uri): readonly [string, string] => ["redirect address", uri]),
  ]);
  for (const uri of application.web.redirectUris) {
    drawing.node({ id: tokenService, name: "Token Service" }, "Bot Framework", "outside", [
      ["host", new URL(uri).host],
    ]);
    drawing.edge(id, tokenService, "trusts the redirect address");
  }
  const principals = [...entra.servicePrincipals.values()];
  for (const { resourceAppId, resourceAccess } of application.requiredResourceAccess) {
    const resource = principals.find(({ appId }) => appId === resourceAppId);
    const scopes = resourceAccess.map(
      (one) => resource?.oauth2PermissionScopes.find((scope) => scope.id === one.id)?.value ?? one.id,
    );
    drawing.node({ id: graph, name: resource?.displayName ?? resourceAppId }, "Microsoft API", "outside", []);
    drawing.fact(id, "asks for", scopes.join(" "));
    drawing.edge(id, graph, `asks for ${scopes.length} ${scopes.length === 1 ? "scope" : "scopes"}`);
    const own = principals.find(({ appId }) => appId === application.appId);
    const grants = [...entra.oauth2PermissionGrants.values()].filter(({ clientId }) => clientId === own?.id);
    if (grants.some(({ consentType }) => consentType === "AllPrincipals"))
      drawing.edge(id, graph, "granted for everyone");
    else drawing.edge(id, graph, grants.length ? `granted by ${grants.length}` : nobodyConsented);
  }
}

function drawSite(drawing: Drawing, site: Resource, { resources }: Stores): void {
  for (const id of Object.keys((site.identity?.userAssignedIdentities as object | undefined) ?? {})) {
    drawing.edge(site.id, id, "runs as");
  }
  const settings = resources.get(`${site.id}/config/appsettings`)?.properties ?? {};
  for (const [name, value] of Object.entries(settings)) {
    const reference = /^@Microsoft\.KeyVault\(SecretUri=(.+)\)$/i.exec(String(value))?.[1];
    const address = reference ?? (name.endsWith("_SECRET_URI") ? String(value) : undefined);
    if (address) drawing.edge(site.id, secretOf(drawing, address), reference ? name : "reads at run time");
    if (name === "STATE_CONTAINER_URL") {
      const { hostname, pathname } = new URL(String(value));
      const account = hostname.split(".")[0] as string;
      const container = drawing.find(
        (node) => node.id.includes(`/storageaccounts/${account}/`) && node.id.endsWith(`/containers${pathname}`),
      );
      if (container) drawing.edge(site.id, container, "keeps its state in");
    }
  }
}

/** The secret at an address, versioned or not; a missing one where the vault has none. */
function secretOf(drawing: Drawing, address: string): string {
  const { hostname, pathname } = new URL(address);
  const vault = hostname.split(".")[0] as string;
  const name = pathname.split("/")[2] ?? "";
  const id = drawing.find((node) => node.id.endsWith(`/vaults/${vault}/secrets/${name}`.toLowerCase()));
  if (id) return id;
  drawing.node({ id: address, name: name || address }, "No such secret", "missing", []);
  return address;
}

function drawBot(drawing: Drawing, bot: Resource, { resources }: Stores): void {
  drawing.edge(bot.id, drawing.application(text(bot.properties.msaAppId)), "is");
  const endpoint = text(bot.properties.endpoint);
  if (endpoint) {
    const { hostname, pathname } = new URL(endpoint);
    drawing.edge(bot.id, drawing.host(hostname, "No such web app"), `delivers to ${pathname}`);
  }
  for (const site of resources.list("Microsoft.Web/sites")) {
    const settings = resources.get(`${site.id}/config/appsettings`)?.properties ?? {};
    if (settings.MicrosoftAppId)
      drawing.edge(site.id, drawing.application(text(settings.MicrosoftAppId)), "answers as");
  }
}

function drawRoles(drawing: Drawing, { resources, roleName }: Stores): void {
  for (const { properties } of resources.list("Microsoft.Authorization/roleAssignments")) {
    const identity = resources
      .list("Microsoft.ManagedIdentity/userAssignedIdentities")
      .find((one) => one.properties.principalId === properties.principalId);
    if (identity)
      drawing.edge(identity.id, text(properties.scope), roleName(text(properties.roleDefinitionId)) ?? "a role");
  }
}

const siteFacts = ({ properties, tags }: Resource): PictureNode["facts"] => [
  ["host", text(properties.defaultHostName)],
  ["state", text(properties.state)],
  ...Object.entries(tags ?? {}),
];

const secretFacts = ({ properties }: Resource): PictureNode["facts"] => {
  const { exp, enabled } = (properties.attributes ?? {}) as { exp?: number; enabled?: boolean };
  return [
    ...(exp ? [["ends", new Date(exp * 1000).toISOString().slice(0, 10)] as const] : []),
    ...(enabled === false ? [["state", "disabled"] as const] : []),
  ];
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const parentOf = (id: string): string => id.split("/").slice(0, -2).join("/");
const scopeOf = (id: string): string => id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
