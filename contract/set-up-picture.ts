import { asFlowchart, type PartKind, partStyles } from "./flowchart";
import type { SetUpParts } from "./set-up-parts";

/** One thing of the picture. */
export interface PictureNode {
  readonly id: string;
  readonly title: string;
  /** What it is, in Azure's words. */
  readonly type: string;
  readonly kind: PartKind;
  /** More about it, as name and value; never a secret. */
  readonly facts: Facts;
  /** What of the facts is told where nobody can ask for the rest. */
  readonly detail?: string;
}

type Facts = readonly (readonly [name: string, value: string])[];

/** One relation: who reads, trusts, or points to whom. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** A set-up as nodes and edges. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/** How a set-up is drawn. */
export interface PictureOptions {
  /** Whether the parts are all that there is: what one of them names and nobody has is missing then, and drawn as that. */
  readonly complete: boolean;
  /** Each secret with those who read it, or their number at the vault: an overview that is read at a glance. */
  readonly secrets: "drawn" | "counted";
}

/** What the picture says of an application that nobody has consented to. */
export const nobodyConsented = "nobody has consented";

/**
 * Draws a set-up: a node for each part, edges for who reaches, is, reads, trusts and runs what. Several relations between the
 * same two are one edge with all their labels; those to what is not there are left out, or lead to what is missing.
 */
export function pictureOf(parts: SetUpParts, options: PictureOptions): Picture {
  const nodes = new Map<string, PictureNode>();
  const edges = new Map<string, PictureEdge>();
  const add = (node: PictureNode): void => void nodes.set(key(node.id), { ...node, id: key(node.id) });
  const idOf = (end: End): string => key(typeof end === "string" ? end : (end?.id ?? ""));
  const drawn = drawnIn(new SetUp(parts, options));
  for (const { node } of drawn) if (node) add(node);
  const relations = drawn.flatMap((one) => one.relations ?? []);
  for (const { to } of relations) if (typeof to === "object" && !nodes.has(key(to.id))) add(to);
  for (const relation of relations) {
    const [from, to] = [idOf(relation.from), idOf(relation.to)];
    if (!nodes.has(from) || !nodes.has(to)) continue;
    const { label: known } = edges.get(`${from} ${to}`) ?? {};
    if (known?.split(", ").includes(relation.label)) continue;
    edges.set(`${from} ${to}`, { from, to, label: known ? `${known}, ${relation.label}` : relation.label });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** The picture as a Mermaid flowchart, for a README or a pull request. */
export function asMermaid({ nodes, edges }: Picture): string {
  const boxes = nodes.map(({ id, title, type, detail, kind }) => ({
    id,
    lines: [type, title, ...(detail ? [detail] : [])],
    kind,
  }));
  return asFlowchart(boxes, edges, partStyles);
}

/** What a relation leads to: a part by its id, or what is no part of the set-up. */
type End = string | PictureNode | undefined;

interface Relation {
  readonly from: End;
  readonly to: End;
  readonly label: string;
}

interface Drawn {
  readonly node?: PictureNode | undefined;
  readonly relations?: readonly Relation[];
}

/** How each kind of part is drawn, in the order in which the picture reads. */
const table: {
  readonly [Noun in keyof SetUpParts]: (one: SetUpParts[Noun][number], setUp: SetUp) => Drawn;
} = {
  channels: ({ id, name, sites }, setUp) => ({
    node: {
      id,
      title: channelTitle(name),
      type: "Channel",
      kind: "bot",
      facts: sites.map((site) => [`site ${site.name}`, site.secure ? "enhanced authentication" : "open to every page"]),
    },
    relations: [
      { from: id, to: parentOf(id), label: "reaches" },
      ...sites
        .flatMap(({ trustedOrigins }) => trustedOrigins)
        .map((origin) => ({ from: id, to: setUp.webAppAt(origin), label: "trusts the origin" })),
    ],
  }),
  bots: ({ id, name, size, endpoint, clientId }, setUp) => ({
    node: {
      id,
      title: name,
      type: "Azure Bot",
      kind: "bot",
      detail: size,
      facts: facts(["size", size], ["endpoint", endpoint]),
    },
    relations: [
      { from: id, to: setUp.application(clientId), label: "is" },
      ...(endpoint
        ? [{ from: id, to: setUp.webAppAt(endpoint), label: `delivers to ${URL.parse(endpoint)?.pathname ?? ""}` }]
        : []),
    ],
  }),
  connections: (connection, setUp) => {
    const { id, name, provider, scopes } = connection;
    return {
      node: {
        id,
        title: name,
        type: "OAuth connection",
        kind: "bot",
        detail: scopes,
        facts: facts(["provider", provider], ["scopes", scopes]),
      },
      relations: [{ from: parentOf(id), to: id, label: "has" }, signsUsersIn(connection, setUp)],
    };
  },
  applications: ({ clientId, name, secretsEnd = [], redirectAddresses, access }) => {
    const id = applicationId(clientId);
    return {
      node: {
        id,
        title: name,
        type: "Entra application",
        kind: "identity",
        facts: facts(
          ["client id", clientId],
          ...secretsEnd.map((day) => ["secret ends", day] as const),
          ...redirectAddresses.map((address) => ["redirect address", address] as const),
          ...access.map(({ scopes }) => ["asks for", scopes.join(" ")] as const),
        ),
      },
      relations: [
        ...redirectAddresses.map((address) => ({
          from: id,
          to: outside("token-service", "Token Service", "Bot Framework", [["host", hostOf(address)]]),
          label: "trusts the redirect address",
        })),
        ...access.flatMap(({ id: api, api: title, scopes, consent }) => {
          const to = outside(`api:${api}`, title, "API");
          return [
            { from: id, to, label: `asks for ${counted(scopes.length, "scope")}` },
            ...(consent === undefined ? [] : [{ from: id, to, label: consented(consent) }]),
          ];
        }),
      ],
    };
  },
  webApps: ({ id, name, host, runtime, state = "", tags, planId, identityIds, settings }, setUp) => ({
    node: {
      id,
      title: name,
      type: "Web app",
      kind: "app",
      detail: runtime.replace("|", " "),
      facts: facts(["host", host], ["runtime", runtime], ["state", state], ...Object.entries(tags)),
    },
    relations: [
      { from: id, to: planId, label: "runs on" },
      ...identityIds.map((to) => ({ from: id, to, label: "runs as" })),
      ...settings.flatMap(([setting, value]) => {
        const said = saidBy(setting, value, setUp);
        return said ? [{ from: id, ...said }] : [];
      }),
    ],
  }),
  plans: ({ id, name, size }) => ({
    node: { id, title: name, type: "App Service plan", kind: "app", detail: size, facts: facts(["size", size]) },
  }),
  identities: ({ id, name, clientId }) => ({
    node: { id, title: name, type: "Managed identity", kind: "identity", facts: facts(["client id", clientId]) },
  }),
  vaults: ({ id, name }, { parts: { secrets }, options }) => {
    const kept = secrets.filter((secret) => key(parentOf(secret.id)) === key(id)).length;
    const detail = options.secrets === "counted" ? { detail: counted(kept, "secret") } : {};
    return { node: { id, title: name, type: "Key Vault", kind: "secret", facts: [], ...detail } };
  },
  secrets: ({ id, name, ends = "", disabled }, { options }) =>
    options.secrets === "counted"
      ? {}
      : {
          node: {
            id,
            title: name,
            type: "Secret",
            kind: "secret",
            facts: facts(["ends", ends], ["state", disabled ? "disabled" : ""]),
          },
          relations: [{ from: parentOf(id), to: id, label: "keeps" }],
        },
  containers: ({ id, name, account }) => ({
    node: {
      id,
      title: name,
      type: "Blob container",
      kind: "data",
      detail: account,
      facts: facts(["account", account]),
    },
  }),
  workspaces: ({ id, name }) => ({
    node: { id, title: name, type: "Log Analytics workspace", kind: "data", facts: [] },
  }),
  roleAssignments: ({ principalId, scope, role = "a role" }, { parts: { identities } }) => {
    const holder = identities.find((one) => one.principalId === principalId);
    return { relations: [{ from: holder?.id, to: scope, label: role }] };
  },
  diagnosticSettings: ({ of, workspaceId }) => ({ relations: [{ from: of, to: workspaceId, label: "logs to" }] }),
};

function drawnIn(setUp: SetUp): Drawn[] {
  const ofOne = <Noun extends keyof SetUpParts>(noun: Noun): Drawn[] =>
    (setUp.parts[noun] as readonly SetUpParts[Noun][number][]).map((one) => table[noun](one, setUp));
  return (Object.keys(table) as (keyof SetUpParts)[]).flatMap((noun) => ofOne(noun));
}

/** The parts, as those that name one of them find it. */
class SetUp {
  constructor(
    readonly parts: SetUpParts,
    readonly options: PictureOptions,
  ) {}

  /** The application, or the managed identity, of a client id. */
  application(clientId: string): End {
    const { identities, applications } = this.parts;
    const identity = identities.find((one) => key(one.clientId) === key(clientId));
    const known = applications.find((one) => key(one.clientId) === key(clientId));
    const id = applicationId(clientId);
    return identity?.id ?? (known ? id : this.#missing(id, clientId, "No such application"));
  }

  webAppAt(address: string): End {
    const host = hostOf(address);
    const app = this.parts.webApps.find((one) => key(one.host) === key(host));
    return app?.id ?? this.#missing(`host:${host}`, host, "No such web app");
  }

  /** The secret at an address, versioned or not. */
  secretAt(address: string): End {
    const { hostname = "", pathname = "" } = URL.parse(address) ?? {};
    const name = pathname.split("/")[2] ?? "";
    const end = key(`/vaults/${hostname.split(".")[0]}/secrets/${name}`);
    const secret = this.parts.secrets.find(({ id }) => key(id).endsWith(end));
    return secret?.id ?? this.#missing(`secret:${hostname}/${name}`, name, "No such secret");
  }

  containerAt(address: string): End {
    const { hostname = "", pathname = "" } = URL.parse(address) ?? {};
    const account = hostname.split(".")[0];
    return this.parts.containers.find((one) => one.account === account && `/${one.name}` === pathname)?.id;
  }

  #missing(id: string, title: string, type: string): End {
    return this.options.complete ? { id, title: title || "(none)", type, kind: "missing", facts: [] } : undefined;
  }
}

/** Providers whose client id is an application of Entra's. */
const entraProviders = /^(Azure Active Directory|AAD )/;

/** Whom a connection signs users in by: an application of the tenant's, or a provider outside it. */
function signsUsersIn(
  { id, provider, clientId, parameters }: SetUpParts["connections"][number],
  setUp: SetUp,
): Relation {
  if (entraProviders.test(provider)) return { from: id, to: setUp.application(clientId), label: "signs users in by" };
  const address = parameters.find(({ key: name }) => /^authorizationurl(template)?$/i.test(name))?.value;
  const host = URL.parse(address ?? "")?.host ?? provider;
  return { from: id, to: outside(`provider:${host}`, host, "Identity provider"), label: "signs users in at" };
}

/** What an app setting points to. */
function saidBy(setting: string, value: string, setUp: SetUp): Omit<Relation, "from"> | undefined {
  const reference = /^@Microsoft\.KeyVault\(SecretUri=(.+)\)$/i.exec(value)?.[1];
  if (reference) return { to: setUp.secretAt(reference), label: setting };
  if (setting.endsWith("_SECRET_URI")) return { to: setUp.secretAt(value), label: "reads at run time" };
  if (setting === "STATE_CONTAINER_URL") return { to: setUp.containerAt(value), label: "keeps its state in" };
  if (setting === "MicrosoftAppId" && value) return { to: setUp.application(value), label: "answers as" };
  return undefined;
}

function outside(id: string, title: string, type: string, about: Facts = []): PictureNode {
  return { id, title, type, kind: "outside", facts: about };
}

function consented(consent: "everyone" | number): string {
  if (consent === "everyone") return "granted for everyone";
  return consent > 0 ? `granted by ${consent}` : nobodyConsented;
}

/** What is known of a part. */
function facts(...all: Facts): Facts {
  return all.filter(([, value]) => value !== "");
}

/** As people call it: `MsTeamsChannel` is Teams, `DirectLineChannel` Direct Line. */
function channelTitle(name: string): string {
  return name.replace(/^Ms|Channel$/g, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ");
}

function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

const applicationId = (clientId: string): string => `app:${clientId}`;
const hostOf = (address: string): string => URL.parse(address)?.hostname ?? "";
const parentOf = (id: string): string => id.split("/").slice(0, -2).join("/");
/** ARM writes an id in several ways. */
const key = (id: string): string => id.toLowerCase();
