import { keyVaultVersion } from "../../../infra/azure/key-vault";
import type { State } from "../../pulumi/state";
import { type AzureCalls, wordsOf } from "../../azure/azure-calls";
import { hasOwnName } from "../../azure/own-names";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { foreignIn } from "../others-resources";
import type { Traces } from "../../azure/inventory";
import type { Found, Trace } from "../../azure/inventory/found";
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
/** By id, why a thing could not be removed: Azure's own words. */
export type Reasons = Map<string, string>;

/** Deletes and purges what was found. What Azure refuses is noted, never thrown: the next asking is what counts. */
export class Removal {
  readonly reasons: Reasons = new Map();

  constructor(
    private readonly calls: AzureCalls,
    private readonly traces: Traces,
    /** By which a resource without marks is known to be the preview's. */
    private readonly state: State | undefined,
  ) {}

  /**
   * Whether something in a resource group of others goes by itself: it carries the marks, and has the name that the program
   * gave it or stands in the state. A copy that somebody made of it carries the marks alone.
   */
  goesAlone(trace: Trace): boolean {
    if (trace.kind !== "resource elsewhere" || !versions[trace.type?.toLowerCase() ?? ""]) return false;
    const known = (this.state?.deployment.resources ?? []).some(({ id }) => same(id, trace.id));
    return known || hasOwnName(this.traces.whose, trace);
  }

  /** What is in the way of deleting a group: somebody else's resources, or that the group itself is. */
  foreign({ traces }: Pick<Found, "traces">): Trace[] {
    return foreignIn({ traces }, this.traces.whose, this.state);
  }

  /** Deletes log workspaces past the bin. Only a living one can be: its group's deletion would put it into the bin. */
  async workspaces({ traces }: Found): Promise<void> {
    const living = traces.filter(
      (trace) =>
        (trace.kind === "resource" || this.goesAlone(trace)) &&
        same(trace.type, "Microsoft.OperationalInsights/workspaces"),
    );
    await Promise.all(living.map((trace) => this.#try(trace, () => this.#forced(trace.id))));
  }

  /**
   * Deletes what lives. Children go with what they belong to: resources with the group, grants with their principal; in a
   * group of others each resource by itself. A group in which anything is somebody else's is left.
   */
  async living({ traces }: Found): Promise<void> {
    const foreign = this.foreign({ traces });
    const groups = traces.filter(
      ({ kind, name }) => kind === "resource group" && !foreign.some(({ group }) => same(group, name)),
    );
    const of = (kind: Trace["kind"]): Trace[] => traces.filter((trace) => trace.kind === kind);
    const applications = of("application");
    const principals = of("service principal").filter(
      ({ appId }) => !applications.some((application) => application.appId === appId),
    );
    const going = new Set(of("service principal").map(({ id }) => id));
    const grants = of("grant").filter(({ principal }) => principal === undefined || !going.has(principal));
    await Promise.all([
      ...groups.map((trace) => this.#arm(trace, groupVersion)),
      this.#alone(traces.filter((trace) => this.goesAlone(trace))),
      ...of("secret elsewhere").map((trace) => this.#try(trace, () => this.#secret(trace, "secrets"))),
      ...of("role assignment").map((trace) => this.#arm(trace, "2022-04-01")),
      ...of("deployment").map((trace) => this.#arm(trace, "2021-04-01")),
      this.#graph([
        ...applications.map((trace) => [trace, `/applications/${trace.id}`] as const),
        ...principals.map((trace) => [trace, `/servicePrincipals/${trace.id}`] as const),
        ...grants.map((trace) => [trace, trace.id] as const),
      ]),
      this.#passwords(of("password elsewhere")),
    ]);
  }

  /** Azure deletes no plan that still has a web app. */
  async #alone(traces: readonly Trace[]): Promise<void> {
    const isPlan = ({ type }: Trace): boolean => same(type, "Microsoft.Web/serverfarms");
    for (const some of [traces.filter((trace) => !isPlan(trace)), traces.filter(isPlan)]) {
      await Promise.all(some.map((trace) => this.#arm(trace, versions[trace.type!.toLowerCase()]!)));
    }
  }

  /**
   * Empties the bins of what was found in them, and of what was found alive before it was deleted: an application keeps
   * its id there, a vault its name, so nobody has to be asked in between.
   */
  async bins({ traces }: Found): Promise<void> {
    const vaults = traces.filter(
      (trace) =>
        trace.kind === "deleted vault" ||
        ((trace.kind === "resource" || this.goesAlone(trace)) && same(trace.type, "Microsoft.KeyVault/vaults")),
    );
    const secrets = traces.filter(({ kind }) => kind === "secret elsewhere");
    const entra = traces.filter(({ kind }) => /application$|service principal$/.test(kind));
    await Promise.all([
      ...vaults.filter(({ kept }) => !kept).map((trace) => this.#try(trace, () => this.#purgeVault(trace))),
      // One that could not be deleted is told of already.
      ...secrets
        .filter(({ id }) => !this.reasons.has(id.toLowerCase()))
        .map((trace) => this.#try(trace, () => this.#secret(trace, "deletedsecrets"))),
      ...traces
        .filter(({ kind }) => kind === "deleted workspace")
        .map((trace) => this.#try(trace, () => this.#passBin(trace))),
      this.#graph(entra.map((trace) => [trace, `/directory/deletedItems/${trace.id}`] as const)),
    ]);
  }

  #secret({ id }: Trace, collection: "secrets" | "deletedsecrets"): Promise<void> {
    const [vault = "", , secret = ""] = id.split("/").slice(-3);
    return this.calls.deleteSecret(vault, secret, collection);
  }

  async #purgeVault({ name, location }: Trace): Promise<void> {
    const at = `${this.traces.subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`;
    await this.calls.write("POST", `${at}/purge?api-version=${keyVaultVersion}`).catch((error: unknown) => {
      // One that is not in the bin, or not yet.
      if (!(error instanceof AzureCallError && error.status === 404)) throw error;
    });
  }

  /**
   * Takes a workspace out of the bin for good. Nothing empties that bin, but a workspace that is made again under its
   * old name is the old one, and can then be deleted past the bin.
   * https://learn.microsoft.com/rest/api/loganalytics/workspaces/delete
   */
  async #passBin({ name, location, group }: Trace): Promise<void> {
    const { subscription, whose } = this.traces;
    const tags = { project: whose.project, stack: whose.stack };
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

  #arm(trace: Trace, apiVersion: string): Promise<void> {
    return this.#try(trace, () => this.calls.write("DELETE", `${trace.id}?api-version=${apiVersion}`));
  }

  async #graph(deletions: readonly (readonly [Trace, path: string])[]): Promise<void> {
    if (deletions.length === 0) return;
    const answers = await this.calls.batch(deletions.map(([, path]) => ({ method: "DELETE", path })));
    for (const [at, [trace]] of deletions.entries()) this.#note(trace, answers[at]);
  }

  async #passwords(traces: readonly Trace[]): Promise<void> {
    const requests = traces.map(({ id }) => {
      const [application = "", keyId = ""] = id.split("/passwords/");
      return { method: "POST", path: `${application}/removePassword`, body: { keyId } } as const;
    });
    const answers = requests.length > 0 ? await this.calls.batch(requests) : [];
    for (const [at, trace] of traces.entries()) this.#note(trace, answers[at]);
  }

  async #try(trace: Trace, remove: () => Promise<void>): Promise<void> {
    this.#note(
      trace,
      await remove().catch((error: unknown) => {
        if (error instanceof AzureCallError) return error;
        throw error;
      }),
    );
  }

  #note({ id, kind }: Trace, answer: unknown): void {
    // ARM's roles, Owner among them, reach into no vault: https://learn.microsoft.com/azure/key-vault/general/rbac-guide
    const role = kind === "secret elsewhere" ? " Whoever removes it needs Key Vault Secrets Officer at the vault." : "";
    if (answer instanceof AzureCallError) this.reasons.set(id.toLowerCase(), `${wordsOf(answer)}${role}`);
    else this.reasons.delete(id.toLowerCase());
  }
}
