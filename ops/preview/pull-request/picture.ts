import { type BuiltInRole, builtInRoles } from "../../../infra/facts/roles";
import { isObject, type State, type StateResource } from "../../pulumi/state";
import {
  asFlowchart,
  type Edge,
  type Node as FlowchartNode,
  type PartKind,
  partStyles,
} from "../../../contract/flowchart";
import { counted } from "./markdown";

const roleNames: Readonly<Record<BuiltInRole, string>> = {
  keyVaultSecretsUser: "Key Vault Secrets User",
  storageBlobDataContributor: "Storage Blob Data Contributor",
  keyVaultCryptoUser: "Key Vault Crypto User",
};

/** The set-up that a state holds, finished or not, as a Mermaid flowchart. Nothing in it is secret. */
export function pictureOf(state: State): string {
  const { resources = [] } = state.deployment;
  const drawn = parts.flatMap((part) =>
    resources.filter((resource) => part.is.test(resource.type)).map((resource) => ({ resource, part })),
  );
  const nodes = drawn.flatMap(({ resource, part }) => {
    const node = part.node?.(resource, resources);
    return node ? [{ id: key(resource.id), ...node }] : [];
  });
  const edges = drawn.flatMap(({ resource, part }) => part.edges?.(resource, resources) ?? []);
  const outside = edges.some(({ to }) => to === graph.id) ? [graph] : [];
  return asFlowchart([...nodes, ...outside], edges, partStyles);
}

const graph: Node = { id: "graph", lines: ["Microsoft Graph"], kind: "outside" };

type Node = FlowchartNode<PartKind>;

interface Part {
  /** What the type ends with, or the id of what this project's own providers make. */
  readonly is: RegExp;
  /** Absent for what is an edge only. */
  readonly node?: (resource: StateResource, all: readonly StateResource[]) => Omit<Node, "id">;
  readonly edges?: (resource: StateResource, all: readonly StateResource[]) => Edge[];
}

/** What of the state is drawn, in the order in which the picture reads. */
const parts: readonly Part[] = [
  {
    is: /botservice:Channel$/,
    node: (one) => ({ lines: ["channel", text(one, "channelName").replace(/^Ms|Channel$/g, "")], kind: "bot" }),
    edges: (one) => [{ from: key(one.id), to: botOf(one), label: "reaches" }],
  },
  {
    is: /:DirectLineSite$/,
    node: () => ({ lines: ["channel", "Direct Line"], kind: "bot" }),
    edges: (one) => [{ from: key(one.id), to: botOf(one), label: "reaches" }],
  },
  {
    is: /botservice:Bot$/,
    node: (one) => ({ lines: [`Azure Bot, ${text(one, "sku", "name")}`, text(one, "resourceName")], kind: "bot" }),
    edges: (one, all) => [
      { from: key(one.id), to: application(text(one, "properties", "msaAppId"), all), label: "is" },
      { from: key(one.id), to: key(all.find(({ type }) => type.endsWith(":WebApp"))?.id), label: "delivers to" },
    ],
  },
  {
    is: /:ConnectionCheck$/,
    node: (one) => ({ lines: ["OAuth connection", text(one, "connectionName"), text(one, "scopes")], kind: "bot" }),
    edges: (one, all) => [
      { from: botOf(one), to: key(one.id), label: "has" },
      { from: key(one.id), to: application(text(one, "clientId"), all), label: "signs users in by" },
    ],
  },
  {
    is: /application:Application$/,
    node: (one) => ({
      lines: [`Entra application of the ${asksForScopes(one) ? "sign-in" : "bot"}`, text(one, "displayName")],
      kind: "identity",
    }),
    edges: (one) => (asksForScopes(one) ? [{ from: key(one.id), to: graph.id, label: "asks for scopes of" }] : []),
  },
  {
    is: /web:WebApp$/,
    node: (one) => ({
      lines: [`web app, ${text(one, "siteConfig", "linuxFxVersion").replace("|", " ")}`, text(one, "name")],
      kind: "app",
    }),
    edges: (one) => {
      const identities = at(one.inputs, "identity", "userAssignedIdentities");
      return [
        { from: key(one.id), to: key(text(one, "serverFarmId")), label: "runs on" },
        ...(Array.isArray(identities) ? identities : []).map((id) => ({
          from: key(one.id),
          to: key(String(id)),
          label: "runs as",
        })),
      ];
    },
  },
  {
    is: /web:AppServicePlan$/,
    node: (one) => ({ lines: [`App Service plan, ${text(one, "sku", "name")}`, text(one, "name")], kind: "app" }),
  },
  {
    is: /UserAssignedIdentity$/,
    node: (one) => ({ lines: ["managed identity", text(one, "resourceName")], kind: "identity" }),
  },
  {
    is: /keyvault:Vault$/,
    node: (one, all) => {
      const secrets = all.filter(({ type, id }) => type.endsWith("keyvault:Secret") && key(id).startsWith(key(one.id)));
      return { lines: [`Key Vault, ${counted(secrets.length, "secret")}`, text(one, "vaultName")], kind: "secret" };
    },
  },
  {
    is: /storage:BlobContainer$/,
    node: (one) => ({
      lines: ["blob container", `${text(one, "accountName")}/${text(one, "containerName")}`],
      kind: "data",
    }),
  },
  {
    is: /operationalinsights:Workspace$/,
    node: (one) => ({ lines: ["Log Analytics workspace", text(one, "workspaceName")], kind: "data" }),
  },
  {
    is: /authorization:RoleAssignment$/,
    edges: (one, all) => {
      const principal = text(one, "principalId");
      const holder = all.find(({ type, outputs }) => type.endsWith("Identity") && outputs?.principalId === principal);
      return [{ from: key(holder?.id), to: key(text(one, "scope")), label: roleOf(text(one, "roleDefinitionId")) }];
    },
  },
  {
    is: /monitor:DiagnosticSetting$/,
    edges: (one) => [{ from: key(text(one, "resourceUri")), to: key(text(one, "workspaceId")), label: "logs to" }],
  },
];

/** ARM writes an id in several ways. */
function key(id: string | undefined): string {
  return (id ?? "").toLowerCase();
}

function botOf({ id }: StateResource): string {
  return key(id).split(/\/(?:channels|connections)\//)[0] ?? "";
}

function application(clientId: string, all: readonly StateResource[]): string {
  return key(all.find(({ type, outputs }) => type.endsWith(":Application") && outputs?.clientId === clientId)?.id);
}

function asksForScopes({ inputs }: StateResource): boolean {
  return Array.isArray(inputs?.requiredResourceAccesses) && inputs.requiredResourceAccesses.length > 0;
}

function roleOf(definition: string): string {
  const known = Object.entries(builtInRoles).find(([, id]) => definition.endsWith(id))?.[0];
  return known ? roleNames[known as BuiltInRole] : "a role";
}

/** An input as text; empty for what is absent, secret or no text. */
function text({ inputs }: StateResource, ...path: readonly string[]): string {
  const value = at(inputs, ...path);
  return typeof value === "string" ? value : "";
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}
