import { notServed } from "../gap";
import { livingVersions } from "./api-versions";
import { azureHas, azureNamespace } from "./azure-paths";
import { invalidNamespace, invalidType, missingRegistration, noRegisteredProvider } from "./errors";
import { regions } from "./locations";
import type { ResourceType } from "./resource-type";

/** Namespaces that every subscription has registered from its beginning. */
const always = ["Microsoft.Authorization", "Microsoft.Resources"];

/** All services' resource types, and which namespaces the subscription has registered. */
export class TypeTable {
  #rows: ReadonlyMap<string, ResourceType> | undefined;
  /** Namespaces, in lower case, that the subscription has not registered. Empty at first; tests add to it. */
  readonly unregistered = new Set<string>();

  constructor(private readonly types: () => readonly ResourceType[]) {}

  get rows(): ReadonlyMap<string, ResourceType> {
    this.#rows ??= new Map(this.types().map((row) => [row.type.toLowerCase(), row]));
    return this.#rows;
  }

  find(type: string): ResourceType | undefined {
    return this.rows.get(type.toLowerCase());
  }

  /** Every namespace, as Microsoft spells it. */
  namespaces(): string[] {
    return [...new Set([...always, ...[...this.rows.values()].map((row) => row.type.split("/")[0]!)])].sort();
  }

  /** Rows of a namespace; throws `InvalidResourceNamespace` where Azure has no such namespace, or says that it is not served. */
  ofNamespace(namespace: string): { namespace: string; rows: ResourceType[] } {
    const spelt = this.namespaces().find((name) => name.toLowerCase() === namespace.toLowerCase());
    if (!spelt) {
      const azures = azureNamespace(namespace);
      throw azures === undefined ? invalidNamespace(namespace) : notServed(`the namespace ${azures}`);
    }
    const rows = [...this.rows.values()].filter((row) => row.type.toLowerCase().startsWith(`${spelt.toLowerCase()}/`));
    return { namespace: spelt, rows };
  }

  isRegistered(namespace: string): boolean {
    return !this.unregistered.has(namespace.toLowerCase());
  }

  /** Throws `MissingSubscriptionRegistration` unless the subscription has a namespace registered. */
  demandRegistration(namespace: string): void {
    if (!this.isRegistered(namespace)) throw missingRegistration(namespace);
  }

  /** The refusal of a path that no row serves: the local Azure's own where Azure has it, else Azure's. */
  unknown(method: string, namespace: string, tail: readonly string[], apiVersion: string): Error {
    const { namespace: spelt } = this.ofNamespace(namespace);
    const what = `${method} ${[spelt, ...tail.map((segment, at) => (at % 2 === 0 ? segment : "{name}"))].join("/")}`;
    const azures = azureHas(spelt, tail);
    if (azures !== false) return notServed(what, azures ? "Azure does" : "Azure may");
    return invalidType(spelt, tail.filter((_, at) => at % 2 === 0).join("/"), apiVersion);
  }

  /** Throws `NoRegisteredProviderFound` for an api-version that a type does not have, or does not have any more. */
  demandVersion({ type, apiVersions }: ResourceType, apiVersion: string, location: string, now: Date): void {
    const living = livingVersions(type, apiVersions, now);
    if (living.some((version) => version.toLowerCase() === apiVersion.toLowerCase())) return;
    const below = type.slice(type.indexOf("/") + 1);
    throw noRegisteredProvider(below, location, apiVersion, living, Object.keys(regions));
  }

  /** A namespace as `GET /providers/{namespace}` shows it. */
  describe(namespace: string, subscription?: string): Record<string, unknown> {
    const { namespace: spelt, rows } = this.ofNamespace(namespace);
    return {
      ...(subscription ? { id: `/subscriptions/${subscription}/providers/${spelt}` } : {}),
      namespace: spelt,
      resourceTypes: rows.map((row) => ({
        resourceType: row.type.slice(spelt.length + 1),
        locations: Object.values(regions),
        apiVersions: row.apiVersions,
        capabilities: "None",
      })),
      registrationPolicy: always.includes(spelt) ? "RegistrationFree" : "RegistrationRequired",
      ...(subscription ? { registrationState: this.isRegistered(spelt) ? "Registered" : "NotRegistered" } : {}),
    };
  }
}
