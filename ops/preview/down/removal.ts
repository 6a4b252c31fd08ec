import { keyVaultVersion } from "../../../infra/azure/key-vault";
import type { State } from "../../pulumi/state";
import { type AzureCalls, toldOf } from "../../azure/azure-calls";
import { hasOwnName } from "../../azure/own-names";
import { isNotFound, unlessRefused } from "../../azure/unless-refused";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { othersResources } from "../others-resources";
import type { Inventory } from "../../azure/inventory";
import type { Found, InventoryItem } from "../../azure/inventory/found";
import { same } from "../../azure/inventory/found";

const groupVersion = "2021-04-01";
const workspaceVersion = "2023-09-01";
/** By which what stands in a group of others is deleted, by type. */
const versions: Readonly<Record<string, string>> = {
  "microsoft.botservice/botservices": "2022-09-15",
  "microsoft.keyvault/vaults": keyVaultVersion,
  "microsoft.managedidentity/userassignedidentities": "2023-01-31",
  "microsoft.operationalinsights/workspaces": workspaceVersion,
  "microsoft.storage/storageaccounts": "2023-05-01",
  "microsoft.web/serverfarms": "2024-04-01",
  "microsoft.web/sites": "2024-04-01",
};
/** By id, why a thing could not be removed: Azure's own words, and what is known to fix it. */
export type Reasons = Map<string, string>;

/** Deletes and purges what was found. What Azure refuses is noted, never thrown: the next asking is what counts. */
export class Removal {
  readonly reasons: Reasons = new Map();

  constructor(
    private readonly calls: AzureCalls,
    private readonly inventory: Inventory,
    /** By which a resource without tags is known to be the preview's. */
    private readonly state: State | undefined,
  ) {}

  /**
   * Whether something in a resource group of others goes by itself: it carries the tags, and has the name that the program
   * gave it or stands in the state. A copy that somebody made of it carries the tags alone.
   */
  goesAlone(item: InventoryItem): boolean {
    if (item.kind !== "resource elsewhere" || !versions[item.type?.toLowerCase() ?? ""]) return false;
    const known = (this.state?.deployment.resources ?? []).some(({ id }) => same(id, item.id));
    return known || hasOwnName(this.inventory.deployment, item);
  }

  /** What is in the way of deleting a group: somebody else's resources, or that the group itself is. */
  others({ items }: Pick<Found, "items">): InventoryItem[] {
    return othersResources({ items }, this.inventory.deployment, this.state);
  }

  /** Deletes log workspaces past the bin. Only a living one can be: its group's deletion would put it into the bin. */
  async workspaces({ items }: Found): Promise<void> {
    const living = items.filter(
      (item) =>
        (item.kind === "resource" || this.goesAlone(item)) &&
        same(item.type, "Microsoft.OperationalInsights/workspaces"),
    );
    await Promise.all(living.map((item) => this.#try(item, () => this.#forced(item.id))));
  }

  /**
   * Deletes what lives. Children go with what they belong to: resources with the group, grants with their principal; in a
   * group of others each resource by itself. A group in which anything is somebody else's is left.
   */
  async living({ items }: Found): Promise<void> {
    const others = this.others({ items });
    const groups = items.filter(
      ({ kind, name }) => kind === "resource group" && !others.some(({ group }) => same(group, name)),
    );
    const of = (kind: InventoryItem["kind"]): InventoryItem[] => items.filter((item) => item.kind === kind);
    const applications = of("application");
    const principals = of("service principal").filter(
      ({ appId }) => !applications.some((application) => application.appId === appId),
    );
    const going = new Set(of("service principal").map(({ id }) => id));
    const grants = of("grant").filter(({ principal }) => principal === undefined || !going.has(principal));
    await Promise.all([
      ...groups.map((item) => this.#arm(item, groupVersion)),
      this.#alone(items.filter((item) => this.goesAlone(item))),
      ...of("secret elsewhere").map((item) => this.#try(item, () => this.#secret(item, "secrets"))),
      ...of("role assignment").map((item) => this.#arm(item, "2022-04-01")),
      ...of("deployment").map((item) => this.#arm(item, "2021-04-01")),
      this.#graph([
        ...applications.map((item) => [item, `/applications/${item.id}`] as const),
        ...principals.map((item) => [item, `/servicePrincipals/${item.id}`] as const),
        ...grants.map((item) => [item, item.id] as const),
      ]),
      this.#passwords(of("password elsewhere")),
    ]);
  }

  /** Azure deletes no plan that still has a web app. */
  async #alone(items: readonly InventoryItem[]): Promise<void> {
    const isPlan = ({ type }: InventoryItem): boolean => same(type, "Microsoft.Web/serverfarms");
    for (const some of [items.filter((item) => !isPlan(item)), items.filter(isPlan)]) {
      await Promise.all(some.map((item) => this.#arm(item, versions[item.type!.toLowerCase()]!)));
    }
  }

  /**
   * Empties the bins of what was found in them, and of what was found alive before it was deleted: an application keeps
   * its id there, a vault its name, so nobody has to be asked in between.
   */
  async bins({ items }: Found): Promise<void> {
    const vaults = items.filter(
      (item) =>
        item.kind === "deleted vault" ||
        ((item.kind === "resource" || this.goesAlone(item)) && same(item.type, "Microsoft.KeyVault/vaults")),
    );
    const secrets = items.filter(({ kind }) => kind === "secret elsewhere");
    const entra = items.filter(({ kind }) => /application$|service principal$/.test(kind));
    await Promise.all([
      ...vaults.filter(({ kept }) => !kept).map((item) => this.#try(item, () => this.#purgeVault(item))),
      // One that could not be deleted is told of already.
      ...secrets
        .filter(({ id }) => !this.reasons.has(id.toLowerCase()))
        .map((item) => this.#try(item, () => this.#secret(item, "deletedsecrets"))),
      ...items
        .filter(({ kind }) => kind === "deleted workspace")
        .map((item) => this.#try(item, () => this.#passBin(item))),
      this.#graph(entra.map((item) => [item, `/directory/deletedItems/${item.id}`] as const)),
    ]);
  }

  #secret({ id }: InventoryItem, collection: "secrets" | "deletedsecrets"): Promise<void> {
    const [vault = "", , secret = ""] = id.split("/").slice(-3);
    return this.calls.deleteSecret(vault, secret, collection);
  }

  async #purgeVault({ name, location }: InventoryItem): Promise<void> {
    const at = `${this.inventory.subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`;
    // One that is not in the bin, or not yet, is no refusal.
    await unlessRefused(this.calls.write("POST", `${at}/purge?api-version=${keyVaultVersion}`), isNotFound);
  }

  /**
   * Takes a workspace out of the bin for good. Nothing empties that bin, but a workspace that is made again under its
   * old name is the old one, and can then be deleted past the bin.
   * https://learn.microsoft.com/rest/api/loganalytics/workspaces/delete
   */
  async #passBin({ name, location, group }: InventoryItem): Promise<void> {
    const { subscription, deployment } = this.inventory;
    const tags = { project: deployment.project, stack: deployment.stack };
    const home = `${subscription}/resourceGroups/${group}`;
    // A group that is there may hold what is not ours: it is used, and left to be judged.
    const there = (await this.calls.find(home, groupVersion)) !== undefined;
    if (!there) await this.calls.write("PUT", `${home}?api-version=${groupVersion}`, { location, tags });
    const id = `${home}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
    await this.calls.write("PUT", `${id}?api-version=${workspaceVersion}`, { location, tags });
    await this.#forced(id);
    if (!there) await this.calls.write("DELETE", `${home}?api-version=${groupVersion}`);
  }

  #forced(id: string): Promise<void> {
    return this.calls.write("DELETE", `${id}?api-version=${workspaceVersion}&force=true`);
  }

  #arm(item: InventoryItem, apiVersion: string): Promise<void> {
    return this.#try(item, () => this.calls.write("DELETE", `${item.id}?api-version=${apiVersion}`));
  }

  async #graph(deletions: readonly (readonly [InventoryItem, path: string])[]): Promise<void> {
    if (deletions.length === 0) return;
    const answers = await this.calls.batch(deletions.map(([, path]) => ({ method: "DELETE", path })));
    for (const [at, [item]] of deletions.entries()) this.#note(item, answers[at]);
  }

  async #passwords(items: readonly InventoryItem[]): Promise<void> {
    const requests = items.map(({ id }) => {
      const [application = "", keyId = ""] = id.split("/passwords/");
      return { method: "POST", path: `${application}/removePassword`, body: { keyId } } as const;
    });
    const answers = requests.length > 0 ? await this.calls.batch(requests) : [];
    for (const [at, item] of items.entries()) this.#note(item, answers[at]);
  }

  async #try(item: InventoryItem, remove: () => Promise<void>): Promise<void> {
    this.#note(
      item,
      await remove().catch((error: unknown) => {
        if (error instanceof AzureCallError) return error;
        throw error;
      }),
    );
  }

  #note({ id }: InventoryItem, answer: unknown): void {
    if (answer instanceof AzureCallError) this.reasons.set(id.toLowerCase(), toldOf(answer));
    else this.reasons.delete(id.toLowerCase());
  }
}
