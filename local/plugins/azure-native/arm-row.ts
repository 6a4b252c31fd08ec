import type { Properties } from "../../../infra/provider/envelope";
import type { Session } from "../session";

/** A resource type of azure-native: how its inputs become an ARM request and the answer its outputs. */
export interface ArmRow {
  /** `azure-native:web:WebApp` */
  readonly token: string;
  /** Path template. `{subscriptionId}` comes from the session, every other name is an input. */
  readonly path: string;
  readonly apiVersion: string;
  /**
   * Inputs that stand at the top of the body; all others go into `properties`, and `properties` comes back flat. Without
   * it the program writes `properties` itself and body and inputs have the same form.
   */
  readonly topLevel?: readonly string[];
  /** Inputs that are lists of things with `properties` of their own, which Pulumi shows flat as well: by the input's name. */
  readonly lists?: Readonly<Record<string, FlatList>>;
  /** Inputs that ARM names otherwise: path of the input (`properties.attributes.expires`) to its last name in the body. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The outputs that are inputs, too, for an import: azure-native takes from its answer what a write could have said. */
  readonly importable?: Importable;
  /** Where the program gives no location, the resource group's is used. */
  readonly located?: boolean;
  /** Input paths whose change replaces the resource; the names in its path always do. */
  readonly replaceOn?: readonly string[];
  /** It always exists with its parent: written without looking first, and "deleted" by writing this body. */
  readonly singleton?: { readonly deletedBody: Properties };
  /** Read after the resource itself, below its id; its `properties` become the output `as`. */
  readonly alsoRead?: { readonly path: string; readonly as: string };
  readonly deleteQuery?: Readonly<Record<string, string>>;
  /** Brings one of the same name back from a bin, after a conflict; whether there was one. The write is then tried again. */
  recover?(session: Session, inputs: Properties): Promise<boolean>;
  /** How it is deleted where ARM cannot. */
  delete?(session: Session, inputs: Properties): Promise<void>;
}

/** Names of inputs; of an object that has outputs beside them, its own. */
export interface Importable {
  readonly [name: string]: true | Importable;
}

/** A list whose things Pulumi shows flat. */
export interface FlatList {
  /** Members of a thing that stand beside its `properties` in ARM. */
  readonly topLevel: readonly string[];
  /** Such lists among its properties. */
  readonly lists?: Readonly<Record<string, FlatList>>;
}

/** An ARM path for an api-version, with what else the query needs. */
export function armPath(path: string, apiVersion: string, query: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ "api-version": apiVersion, ...query })}`;
}

/** The inputs that a path template names, in order; `subscriptionId` left out. */
export function pathInputs(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] as string)
    .filter((name) => name !== "subscriptionId");
}

/**
 * Fills a path template. A resource id (`scope`, `resourceUri`) goes in as it is, a name percent-encoded.
 * @throws TypeError naming the input that is missing
 */
export function fillPath(template: string, inputs: Properties, subscriptionId: () => string): string {
  return template.replace(/\{(\w+)\}/g, (_match, name: string) => {
    if (name === "subscriptionId" && inputs[name] === undefined) return encodeURIComponent(subscriptionId());
    const value = inputs[name];
    if (typeof value !== "string" || value === "") throw new TypeError(`input ${name} is missing`);
    return value.startsWith("/") ? value.slice(1) : encodeURIComponent(value);
  });
}

/** The inputs that an id answers to, by the row's template; `{}` where the id is of another shape. */
export function inputsFromId(template: string, id: string): Properties {
  const pattern = template
    .replace(/[.$]/g, "\\$&")
    .replace(/\{(\w+)\}/g, (_match, name: string) =>
      name === "scope" || name === "resourceUri" ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
    );
  const { subscriptionId: _subscription, ...names } = new RegExp(`^${pattern}$`, "i").exec(id)?.groups ?? {};
  return Object.fromEntries(
    Object.entries(names).map(([name, value]) => [
      name,
      name === "scope" || name === "resourceUri" ? `/${value}` : decodeURIComponent(value),
    ]),
  );
}
