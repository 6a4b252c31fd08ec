import { entra, type Skill, skills } from "../../contract/connection";
import type { IdentityProvider } from "../../contract/identity-providers";
import type { Problem, ProblemCode } from "../settings/settings-error";
import type { SdkName } from "../facts/sdks";
import { credentialOf, fieldOf, parametersOf, providerNamed, providerNames } from "./providers";
import { microsoftGraph, type Scope, scopeOf, skillNeeds, takesEntraScopes } from "../facts/scopes";

/** One connection as it was written, with nothing known of it yet. */
export type Written = Readonly<Record<string, unknown>>;

/** What a rule may look at besides the connection. */
export interface Circumstances {
  /** All connections that are objects, this one among them. */
  readonly all: readonly Written[];
  /** Where it stands in the list. */
  readonly at: number;
  /** Whether a secret would stand in clear where this was written. */
  readonly inClear: boolean;
  /** Whether code of one's own runs, which may use a connection that no skill does. */
  readonly ownCode: boolean;
  /** Whose SDK that is, where it is told its connections one by one. */
  readonly sdk?: SdkName | undefined;
  /** Names of connections that the chat page demands a sign-in to. */
  readonly ofChatPage: readonly string[];
}

/** What a rule finds: a problem without the connection's place in the list. */
export type Finding = Omit<Problem, "setting" | "code"> & {
  readonly field?: string;
  readonly code?: ProblemCode;
};

export const exampleScopes = "[openid, profile, offline_access, User.Read, Mail.Read, Mail.Send]";

export const exampleConnection = `connections: [{ name: GraphConnection, provider: entra, scopes: ${exampleScopes}, skill: mail }]`;

export const hidden = "a secret (not shown)";

export function missing(field: string, allowed: string, example: string): Finding {
  return { field, allowed, example };
}

/** The fields that a connection may have: they follow from its provider. */
export function fieldsOf(connection: Written): string[] {
  const provider = providerOf(connection);
  if (!provider) return [...base, "clientId", "clientSecret", "secretless", "permissions", ...everyParameter];
  const secret = credentialOf(provider, "ClientSecret") === "none" ? [] : ["clientSecret"];
  const permissions = takesEntraScopes(nameOf(connection)) ? ["permissions"] : [];
  const secretless = nameOf(connection) === entra ? ["secretless"] : [];
  return [...base, "clientId", ...secret, ...secretless, ...permissions, ...parametersOf(provider).map(fieldOf)];
}

const base = ["name", "provider", "scopes", "skill", "api", "readAs", "adopted"] as const;

export const everyParameter = [
  ...new Set(providerNames.flatMap((name) => parametersOf(providerNamed(name)!).map((one) => String(fieldOf(one))))),
];

export function nameOf({ provider }: Written): string {
  return typeof provider === "string" ? provider : entra;
}

export function providerOf(connection: Written): IdentityProvider | undefined {
  return connection["provider"] === undefined || typeof connection["provider"] === "string"
    ? providerNamed(nameOf(connection))
    : undefined;
}

export function needsOf({ skill }: Written): (typeof skillNeeds)[Skill] | undefined {
  return (skills as readonly unknown[]).includes(skill) ? skillNeeds[skill as Skill] : undefined;
}

export function fits(connection: Written, providers: readonly string[] | undefined): boolean {
  return providers === undefined || providers.includes(nameOf(connection));
}

export function entraScopes({ scopes, provider }: Written): Scope[] {
  if (!isTexts(scopes) || !takesEntraScopes(nameOf({ provider }))) return [];
  return scopes.flatMap((scope) => scopeOf(scope) ?? []);
}

export function isGraph(connection: Written): boolean {
  return entraScopes(connection).every(({ resource }) => resource === undefined || resource === microsoftGraph);
}

/** GitHub Apps have permissions of their own and no scopes: https://docs.github.com/apps/creating-github-apps/about-creating-github-apps/differences-between-github-apps-and-oauth-apps */
export function isGitHubApp({ provider, clientId }: Written): boolean {
  return provider === "github" && (isLater(clientId) || (typeof clientId === "string" && /^Iv/.test(clientId)));
}

export function scopesAllowed(connection: Written): string {
  return takesEntraScopes(nameOf(connection))
    ? "a list of delegated permissions: of Microsoft Graph by name, of another API as <API>/<permission>"
    : "a list of scopes as the provider spells them, empty where it has none";
}

export function scopesExample(connection: Written): string {
  if (takesEntraScopes(nameOf(connection))) return `scopes: ${exampleScopes}`;
  return nameOf(connection) === "github" ? "scopes: [read:user, repo]" : "scopes: [openid, orders.read]";
}

/** One that was made by hand: its name may have more characters, and it keeps its own secret. */
export function isAdopted({ adopted }: Written): boolean {
  return adopted === true;
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

/** An output of a resource, which only the deployment knows. */
export function isLater(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("__pulumiOutput" in value || "then" in value);
}

export function isAddress(value: unknown): boolean {
  const url = typeof value === "string" ? URL.parse(value) : null;
  return url?.protocol === "https:" && url.search === "" && url.hash === "" && url.username === "";
}

export function sameName(one: unknown, other: unknown): boolean {
  return typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase();
}

export function json(value: unknown): string {
  return isLater(value) ? "(known after the deployment)" : JSON.stringify(value);
}
