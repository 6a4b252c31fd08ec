import { type Access, until } from "../../infra/azure/access";
import { graphList, graphWrite } from "../../infra/azure/graph";
import { entraTagsFilter, type Deployment } from "../../infra/deployment/tags";
import { type ArmAddress, armAddress, entraTypes, type Standing } from "../pulumi/pending-operations";
import type { ArmResource, EntraApplication, EntraGrant, EntraServicePrincipal, Found, Step } from "./plan";
import { AzureCalls } from "../azure/azure-calls";
import { belongsTo } from "../azure/inventory/found";
import { odataText } from "../../infra/azure/odata";

const groupVersion = "2024-03-01";
/** States of an operation that goes on in ARM. */
const settled = /^(Succeeded|Failed|Canceled)$/i;
/** An operation is waited for at most this long, in milliseconds; the longest of this program, a plan's, takes minutes. */
const longestOperation = 15 * 60_000;

/** ARM and Entra, as the one who recovers sees them. What they refuse is thrown as {@link AzureCalls} says. */
export class AzureSide {
  readonly #arm: AzureCalls;
  readonly #subscription: string;

  constructor(
    private readonly access: Access,
    private readonly subscriptionId: string,
  ) {
    this.#arm = new AzureCalls(access);
    this.#subscription = `/subscriptions/${subscriptionId}`;
  }

  /** Looks for everything that carries the tags, and for what was being made. */
  async find(deployment: Deployment, { pending }: Standing): Promise<Found> {
    const creating = pending.flatMap(({ type, resource }) => (type === "creating" ? [resource] : []));
    const addresses = creating.flatMap((resource) => armAddress(resource, this.subscriptionId) ?? []);
    const { project, stack } = deployment;
    const having = entraTagsFilter({ project, stack });
    const [atPending, tagged, applications, servicePrincipals] = await Promise.all([
      Promise.all(addresses.map((address) => this.#look(address))),
      this.#tagged(deployment),
      this.#list<GraphApplication>("applications", having),
      this.#list<EntraServicePrincipal>("servicePrincipals", having),
    ]);
    const wanted = (type: string, input: string): string[] => [
      ...new Set(creating.filter((one) => one.type === type).map(({ inputs }) => String(inputs?.[input]))),
    ];
    const untagged = wanted(entraTypes.servicePrincipal, "clientId").filter(
      (appId) => !servicePrincipals.some((one) => one.appId === appId),
    );
    const others = await Promise.all(
      untagged.map((appId) => this.#list<EntraServicePrincipal>("servicePrincipals", `appId eq ${odataText(appId)}`)),
    );
    // Applications of others to which a password of ours was being added.
    const named = wanted(entraTypes.password, "applicationId").flatMap((path) => path.split("/").at(-1) ?? []);
    const withPassword = await Promise.all(
      named
        .filter((objectId) => !applications.some(({ id }) => id === objectId))
        .map((objectId) => this.#list<GraphApplication>("applications", `id eq ${odataText(objectId)}`)),
    );
    const grants = await Promise.all(
      wanted(entraTypes.grant, "servicePrincipalObjectId").map((id) =>
        this.#list<EntraGrant>("oauth2PermissionGrants", `clientId eq ${odataText(id)}`),
      ),
    );
    return {
      atPending: new Map(atPending.flatMap((live) => (live ? [[live.id.toLowerCase(), live] as const] : []))),
      tagged,
      applications: [...applications, ...withPassword.flat()].map(application),
      servicePrincipals: [...servicePrincipals, ...others.flat()],
      grants: grants.flat(),
    };
  }

  /** Removes what a step says; gives once it is gone. Steps that concern the state alone are not for Azure. */
  async remove(step: Step): Promise<void> {
    switch (step.action) {
      case "delete resource":
        await this.#arm.write("DELETE", `${step.address.id}?api-version=${step.address.apiVersion}`);
        return;
      case "delete application":
        await graphWrite(this.access, "DELETE", `/applications/${step.id}`);
        return;
      case "delete service principal":
        await graphWrite(this.access, "DELETE", `/servicePrincipals/${step.id}`);
        return;
      case "remove password": {
        const { applicationId, keyId } = step;
        await graphWrite(this.access, "POST", `/applications/${applicationId}/removePassword`, { keyId });
      }
    }
  }

  /** Waits until no operation goes on at an address any more, and gives its last state. */
  async settle(address: ArmAddress): Promise<string | undefined> {
    let state: string | undefined;
    await until(this.access, longestOperation, async () => {
      state = (await this.#look(address))?.provisioningState;
      return state === undefined || settled.test(state) ? true : undefined;
    });
    return state;
  }

  async #look({ id, apiVersion }: ArmAddress): Promise<ArmResource | undefined> {
    const found = await this.#arm.find<LiveResource>(id, apiVersion);
    if (!found) return undefined;
    const { tags, properties: { provisioningState, principalId } = {} } = found;
    // Other types show their own identity by that name.
    const role = /\/roleAssignments\/[^/]+$/i.test(id) && principalId ? { principalId } : {};
    return { id, apiVersion, tags: tags ?? {}, provisioningState, ...role };
  }

  async #tagged(deployment: Deployment): Promise<ArmResource[]> {
    const filter = `&$filter=tagName eq 'stack' and tagValue eq ${odataText(deployment.stack)}`;
    // ARM takes one tag in a filter; the other is looked at here.
    const ours = async (collection: "resourcegroups" | "resources"): Promise<LiveResource[]> => {
      const all = await this.#arm.list<LiveResource>(`${this.#subscription}/${collection}`, groupVersion, filter);
      return all.filter(({ tags }) => belongsTo(tags ?? {}, deployment));
    };
    const [groups, resources] = await Promise.all([ours("resourcegroups"), ours("resources")]);
    return [
      ...(await Promise.all(
        groups.map(async ({ id, tags }) => ({
          id,
          tags: tags ?? {},
          apiVersion: groupVersion,
          full: (await this.#arm.list(`${id}/resources`, groupVersion)).length > 0,
        })),
      )),
      ...(await Promise.all(
        resources.map(async ({ id, tags, type = "" }) => ({
          id,
          tags: tags ?? {},
          apiVersion: await this.#versionOf(type),
        })),
      )),
    ];
  }

  readonly #versions = new Map<string, Promise<string>>();

  /** The newest api-version of a type that is no preview. */
  #versionOf(type: string): Promise<string> {
    const [namespace = "", ...names] = type.split("/");
    const known = this.#versions.get(type.toLowerCase());
    if (known) return known;
    const provider = this.#arm.find<ResourceProvider>(`${this.#subscription}/providers/${namespace}`, groupVersion);
    const asked = provider.then(({ resourceTypes = [] } = {}) => {
      const row = resourceTypes.find(
        ({ resourceType }) => resourceType.toLowerCase() === names.join("/").toLowerCase(),
      );
      const versions = [...(row?.apiVersions ?? [])].sort().reverse();
      return versions.find((version) => !version.endsWith("-preview")) ?? versions[0] ?? groupVersion;
    });
    this.#versions.set(type.toLowerCase(), asked);
    return asked;
  }

  #list<Entry>(collection: string, filter: string): Promise<Entry[]> {
    return graphList<Entry>(this.access, `/${collection}?$filter=${encodeURIComponent(filter)}`);
  }
}

interface LiveResource {
  readonly id: string;
  readonly type?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: { readonly provisioningState?: string; readonly principalId?: string };
}

/** https://learn.microsoft.com/rest/api/resources/providers/get */
interface ResourceProvider {
  readonly resourceTypes?: readonly { readonly resourceType: string; readonly apiVersions: readonly string[] }[];
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
