import { ResourceManagementClient } from "@azure/arm-resources";
import type { TokenCredential } from "@azure/identity";
import { entraTagsOf, type Deployment } from "../../infra/deployment/tags";
import { type ArmAddress, armAddress, entraTypes, type Standing } from "../pulumi/pending-operations";
import type { ArmResource, EntraApplication, EntraGrant, EntraServicePrincipal, Found, Step } from "./plan";
import { carries } from "./plan";
import { OpsError } from "../cli/ops-error";

const graphOrigin = "https://graph.microsoft.com";
const groupVersion = "2024-03-01";
/** States of an operation that goes on in ARM. */
const settled = /^(Succeeded|Failed|Canceled)$/i;
/** An operation is waited for at most this long, in milliseconds; the longest of this program, a plan's, takes minutes. */
const longestOperation = 15 * 60_000;

/** ARM and Entra, as the one who recovers sees them. */
export class AzureSide {
  readonly #arm: ResourceManagementClient;

  constructor(
    private readonly credential: TokenCredential,
    private readonly subscriptionId: string,
  ) {
    this.#arm = new ResourceManagementClient(credential, subscriptionId);
  }

  /** Looks for everything that carries the marks, and for what was being made. */
  async find(whose: Deployment, { pending }: Standing): Promise<Found> {
    const creating = pending.flatMap(({ type, resource }) => (type === "creating" ? [resource] : []));
    const addresses = creating.flatMap((resource) => armAddress(resource, this.subscriptionId) ?? []);
    const [atPending, marked, applications, servicePrincipals] = await Promise.all([
      Promise.all(addresses.map((address) => this.#look(address))),
      this.#marked(whose),
      this.#list<GraphApplication>("applications", tagsFilter(whose)),
      this.#list<EntraServicePrincipal>("servicePrincipals", tagsFilter(whose)),
    ]);
    const wanted = (type: string, input: string): string[] => [
      ...new Set(creating.filter((one) => one.type === type).map(({ inputs }) => String(inputs?.[input]))),
    ];
    const unmarked = wanted(entraTypes.servicePrincipal, "clientId").filter(
      (appId) => !servicePrincipals.some((one) => one.appId === appId),
    );
    const others = await Promise.all(
      unmarked.map((appId) => this.#list<EntraServicePrincipal>("servicePrincipals", `appId eq '${appId}'`)),
    );
    // Applications of others to which a password of ours was being added.
    const named = wanted(entraTypes.password, "applicationId").flatMap((path) => path.split("/").at(-1) ?? []);
    const withPassword = await Promise.all(
      named
        .filter((objectId) => !applications.some(({ id }) => id === objectId))
        .map((objectId) => this.#list<GraphApplication>("applications", `id eq '${objectId}'`)),
    );
    const grants = await Promise.all(
      wanted(entraTypes.grant, "servicePrincipalObjectId").map((id) =>
        this.#list<EntraGrant>("oauth2PermissionGrants", `clientId eq '${id}'`),
      ),
    );
    return {
      atPending: new Map(atPending.flatMap((live) => (live ? [[live.id.toLowerCase(), live] as const] : []))),
      marked,
      applications: [...applications, ...withPassword.flat()].map(application),
      servicePrincipals: [...servicePrincipals, ...others.flat()],
      grants: grants.flat(),
    };
  }

  /** Removes what a step says; gives once it is gone. Steps that concern the state alone are not for Azure. */
  async remove(step: Step): Promise<void> {
    switch (step.kind) {
      case "delete resource":
        await this.#arm.resources.deleteById(step.address.id, step.address.apiVersion, { updateIntervalInMs: 2_000 });
        return;
      case "delete application":
        await this.#graph("DELETE", `/applications/${step.id}`);
        return;
      case "delete service principal":
        await this.#graph("DELETE", `/servicePrincipals/${step.id}`);
        return;
      case "remove password":
        await this.#graph("POST", `/applications/${step.applicationId}/removePassword`, { keyId: step.keyId });
    }
  }

  /** Waits until no operation goes on at an address any more, and gives its last state. */
  async settle(address: ArmAddress): Promise<string | undefined> {
    for (const end = Date.now() + longestOperation; ;) {
      const state = (await this.#look(address))?.provisioningState;
      if (state === undefined || settled.test(state) || Date.now() > end) return state;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }

  async #look({ id, apiVersion }: ArmAddress): Promise<ArmResource | undefined> {
    try {
      const { tags, properties } = await this.#arm.resources.getById(id, apiVersion);
      const { provisioningState, principalId } = (properties ?? {}) as {
        provisioningState?: string;
        principalId?: string;
      };
      // Other types show their own identity by that name.
      const role = /\/roleAssignments\/[^/]+$/i.test(id) && principalId ? { principalId } : {};
      return { id, apiVersion, tags: tags ?? {}, provisioningState, ...role };
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    }
  }

  async #marked(whose: Deployment): Promise<ArmResource[]> {
    const filter = `tagName eq 'stack' and tagValue eq '${whose.stack}'`;
    const found: ArmResource[] = [];
    for await (const { id, tags } of this.#arm.resourceGroups.list({ filter })) {
      if (id && carries(tags ?? {}, whose)) found.push({ id, tags: tags ?? {}, apiVersion: groupVersion });
    }
    // ARM takes one tag in a filter; the other is looked at here.
    for await (const { id, tags, type } of this.#arm.resources.list({ filter })) {
      if (!id || !type || !carries(tags ?? {}, whose)) continue;
      found.push({ id, tags: tags ?? {}, apiVersion: await this.#versionOf(type) });
    }
    return found;
  }

  readonly #versions = new Map<string, Promise<string>>();

  /** The newest api-version of a type that is no preview. */
  #versionOf(type: string): Promise<string> {
    const [namespace = "", ...names] = type.split("/");
    const known = this.#versions.get(type.toLowerCase());
    if (known) return known;
    const asked = this.#arm.providers.get(namespace).then(({ resourceTypes = [] }) => {
      const row = resourceTypes.find(
        ({ resourceType }) => resourceType?.toLowerCase() === names.join("/").toLowerCase(),
      );
      const versions = [...(row?.apiVersions ?? [])].sort().reverse();
      return versions.find((version) => !version.endsWith("-preview")) ?? versions[0] ?? groupVersion;
    });
    this.#versions.set(type.toLowerCase(), asked);
    return asked;
  }

  async #list<Entry>(collection: string, filter: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    let next: string | undefined = `/${collection}?$filter=${encodeURIComponent(filter)}`;
    while (next) {
      const page: { value: Entry[]; "@odata.nextLink"?: string } = await this.#graph("GET", next);
      entries.push(...page.value);
      next = page["@odata.nextLink"];
    }
    return entries;
  }

  async #graph<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const url = path.startsWith("https:") ? path : `${graphOrigin}/v1.0${path}`;
    const token = await this.credential.getToken(`${graphOrigin}/.default`);
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token?.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (answer.ok) return (text ? JSON.parse(text) : {}) as Body;
    if (method === "DELETE" && answer.status === 404) return {} as Body;
    throw new OpsError(
      "azure-refused",
      `Microsoft Graph answered ${method} ${new URL(url).pathname} with ${answer.status}: ${text.slice(0, 300)}`,
      "Whoever recovers needs the rights of whoever deploys (Application.ReadWrite.OwnedBy).",
    );
  }
}

interface GraphApplication {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly tags?: readonly string[];
  readonly identifierUris?: readonly string[];
  readonly api?: { readonly preAuthorizedApplications?: readonly { readonly appId: string }[] };
  readonly passwordCredentials?: readonly {
    readonly keyId: string;
    readonly displayName?: string | null;
    readonly endDateTime: string;
  }[];
}

function application(live: GraphApplication): EntraApplication {
  return {
    id: live.id,
    appId: live.appId,
    displayName: live.displayName,
    createdDateTime: live.createdDateTime,
    tags: live.tags ?? [],
    identifierUris: live.identifierUris ?? [],
    preAuthorized: (live.api?.preAuthorizedApplications ?? []).map(({ appId }) => appId),
    passwords: (live.passwordCredentials ?? []).map(({ keyId, displayName, endDateTime }) => ({
      keyId,
      endDateTime,
      displayName: displayName ?? "",
    })),
  };
}

function tagsFilter({ project, stack }: Deployment): string {
  return entraTagsOf({ project, stack })
    .map((mark) => `tags/any(t:t eq '${mark.replaceAll("'", "''")}')`)
    .join(" and ");
}
