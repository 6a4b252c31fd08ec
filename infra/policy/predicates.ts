import { isDeepStrictEqual } from "node:util";
import { type ExistingById, idTypes } from "../deployment/existing";
import { namedAfter, ownName } from "../facts/names";
import type { Config } from "./exceptions";
import { at, type Resource, unknown } from "./resource";
import type { SetUp } from "./set-up";
import { types } from "./types";

/** What a predicate may look at besides the value. */
export interface Context {
  readonly resource: Resource;
  readonly setUp: SetUp;
  /** The rule's own part of the pack's configuration. */
  readonly config: Config;
  readonly now: Date;
}

/** Which values a field may have. */
export interface Predicate {
  /** Finishes the sentence "set it to ...". */
  readonly wants: string;
  test(value: unknown, context: Context): boolean;
}

/** True as well where a value is not known yet: it is looked at again when it is. */
export function passes(predicate: Predicate, value: unknown, context: Context): boolean {
  return value === unknown || predicate.test(value, context);
}

const json = (value: unknown): string => JSON.stringify(value) ?? "nothing";

export function is(...values: readonly unknown[]): Predicate {
  return {
    wants: values.map(json).join(" or "),
    test: (value) => values.some((one) => isDeepStrictEqual(one, value)),
  };
}

export function optional(inner: Predicate): Predicate {
  return {
    wants: `${inner.wants}, or leave it out`,
    test: (value, context) => value === undefined || value === null || inner.test(value, context),
  };
}

export function text(longest = 256): Predicate {
  return {
    wants: `text of at most ${longest} characters`,
    test: (value) => typeof value === "string" && value.length <= longest,
  };
}

export function matching(pattern: RegExp, wants: string): Predicate {
  return { wants, test: (value) => typeof value === "string" && pattern.test(value) };
}

/** @param fewest as a number, or as it follows from the stack */
export function number(fewest: number | ((context: Context) => number), most: number, unit = ""): Predicate {
  return {
    wants: typeof fewest === "number" ? `${fewest} to ${most}${unit}` : `no less than the stack's environment asks for`,
    test: (value, context) =>
      typeof value === "number" && value <= most && value >= (typeof fewest === "number" ? fewest : fewest(context)),
  };
}

/** Every entry passes, in any number of them from `fewest`. */
export function listOf(inner: Predicate, fewest = 0, most = Number.POSITIVE_INFINITY): Predicate {
  return {
    wants: `a list of ${inner.wants}`,
    test: (value, context) =>
      Array.isArray(value) &&
      value.length >= fewest &&
      value.length <= most &&
      value.every((entry) => passes(inner, entry, context)),
  };
}

/** An object with these fields and no other. */
export function objectOf(fields: Readonly<Record<string, Predicate>>): Predicate {
  const inner = Object.entries(fields);
  return {
    wants: `an object whose ${inner.map(([name, { wants }]) => `${name} is ${wants}`).join(", ")}`,
    test: (value, context) =>
      typeof value === "object" &&
      value !== null &&
      Object.keys(value).every((name) => name in fields) &&
      inner.every(([name, predicate]) => passes(predicate, at(value, name), context)),
  };
}

export const guid = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID");

/** The one tenant that vault and bot name: a thing in another belongs to somebody else. */
export const ownTenant: Predicate = {
  wants: "the tenant of vault and bot",
  test: (value, { setUp }) =>
    typeof value === "string" &&
    /^[0-9a-f-]{36}$/i.test(value) &&
    setUp.tenants.every((tenant) => tenant === value.toLowerCase()),
};

/**
 * The ARM id of something of the set-up's own.
 * @param path what stands behind `providers/`: `Microsoft.Web/serverfarms`; names are left out of it
 */
export function ownId(path: string): Predicate {
  return {
    wants: `the id of the set-up's own ${path}`,
    test(value, { setUp }) {
      const [, group = "", below = ""] =
        /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/(.+)$/i.exec(String(value)) ?? [];
      const kinds = below.split("/").filter((_, index) => index % 2 === 1 || index === 0);
      return kinds.join("/").toLowerCase() === path.toLowerCase() && setUp.livesIn(group);
    },
  };
}

/** The same, or exactly the thing of that kind that is handed in: then the set-up makes none. */
export function ownIdOr(kind: ExistingById): Predicate {
  const own = ownId(idTypes[kind]);
  return {
    wants: `${own.wants}, or the one that existing.${kind} names`,
    test(value, context) {
      const handedIn = context.setUp.handedIn(kind);
      return handedIn === undefined ? own.test(value, context) : String(value).toLowerCase() === handedIn;
    },
  };
}

/** The set-up's own as well as the one that is handed in, where it has both. */
export function ownIdOrHandedIn(kind: ExistingById): Predicate {
  const own = ownId(idTypes[kind]);
  const either = ownIdOr(kind);
  return {
    wants: either.wants,
    test: (value, context) => own.test(value, context) || either.test(value, context),
  };
}

/**
 * The address at which the bot is hosted elsewhere, where the stack's file says one.
 * @param part what of it is wanted
 */
export function handedInEndpointOr(own: Predicate, part: (endpoint: URL) => string = ({ href }) => href): Predicate {
  return {
    wants: `${own.wants}, or what existing.endpoint says`,
    test(value, context) {
      const handedIn = context.setUp.handedIn("endpoint");
      if (handedIn === undefined || !URL.canParse(handedIn)) return own.test(value, context);
      return String(value).toLowerCase() === part(new URL(handedIn));
    },
  };
}

/** Of a bot that was made by hand and adopted: what people set there stays as it is. */
export function ofAdopted(theirs: Predicate, ours: Predicate = is(undefined)): Predicate {
  return {
    wants: `${ours.wants}, or of a bot that was adopted ${theirs.wants}`,
    test: (value, context) => ours.test(value, context) || (context.setUp.isAdopted && theirs.test(value, context)),
  };
}

/**
 * Name of one of the bot's secrets in its vault. In a vault that is handed in names begin with what names of the stack's
 * own begin with, so that several bots share it; the component is read from the resource's tags.
 */
export function secretNameIn({ setUp, resource }: Context, name: string): string {
  if (setUp.handedIn("vault") === undefined) return name;
  const component = at(resource.inputs, "tags.component");
  return ofComponent(resource, typeof component === "string" ? component : undefined, name);
}

function ofComponent({ project, stack }: Resource, component = project, name: string): string {
  return `${ownName(namedAfter(project, component), stack)}-${name}`;
}

/**
 * Names of the bot's certificates, and of their keys. What is about one has no tags; the component begins its name.
 * @param of what stands behind the component in the name of the resource at hand: `vault-bot-certificate`
 */
export function certificateNamesIn({ setUp, resource }: Context, of: string): string[] {
  if (setUp.handedIn("vault") === undefined) return [...certificates];
  const [, component] = new RegExp(`^(.+)-${of}(-2)?$`).exec(resource.name) ?? [];
  return certificates.map((name) => ofComponent(resource, component, name));
}

export const certificates = ["bot-certificate", "bot-certificate-2"] as const;

/** One of the names by which the set-up's own resources of a type are known; any while none is. */
export function ownNameOf(type: string, what: string): Predicate {
  return {
    wants: `the set-up's own ${what}`,
    test(value, { setUp }) {
      const names = setUp.named(type);
      return typeof value === "string" && (names.length === 0 || names.includes(value.toLowerCase()));
    },
  };
}

/** An https address, with one of these paths, at a host that is named after one of the set-up's own resources. */
function atOwnHost(type: string, domain: RegExp, path: RegExp, wants: string): Predicate {
  return {
    wants,
    test(value, { setUp }) {
      const [, host = "", rest = ""] = /^https:\/\/([a-z0-9.-]+)(.*)$/s.exec(String(value)) ?? [];
      const names = setUp.named(type);
      const own = (name: string): boolean =>
        host === name || (host.startsWith(name) && domain.test(host.slice(name.length)));
      // As long as no name is known the rest of the host still is.
      const somewhere = [...host.matchAll(/[.-]/g)].some(({ index }) => domain.test(host.slice(index)));
      return path.test(rest) && (names.length === 0 ? somewhere : names.some(own));
    },
  };
}

/**
 * App Service may add letters of its own to a web app's name, and with them the region: `bot-f3b7.westeurope-01.azurewebsites.net`.
 * Without the region they would be the end of a name that anybody may have taken.
 */
const appServiceHost = /^(-[a-z0-9]+\.[a-z0-9-]+)?\.azurewebsites\.net$/;

export function atOwnWebApp(path: string): Predicate {
  return atOwnHost(
    types.webApp,
    appServiceHost,
    new RegExp(`^${path}$`, "s"),
    `the address of the set-up's own web app, https://<host>${path}`,
  );
}

/**
 * Address of one of the bot's secrets in its own vault, or in the one that is handed in.
 * @param version pattern of what follows the name
 */
export function secretInOwnVault(name: string, version: string, what: string): Predicate {
  const wants = `${what} in the set-up's own vault`;
  return {
    wants,
    test(value, context) {
      const path = new RegExp(`^/secrets/${secretNameIn(context, name)}${version}$`);
      return atOwnHost(types.vault, /^\.vault\.azure\.net$/, path, wants).test(value, context);
    },
  };
}

/** Address of a key of one of the bot's certificates in its own vault, or in the one that is handed in, and a thumbprint. */
export function keyInOwnVault(...names: readonly string[]): Predicate {
  const wants = `the key of ${names.join(" or ")} in the set-up's own vault, and the certificate's thumbprint`;
  return {
    wants,
    test(value, context) {
      const either = names.map((name) => secretNameIn(context, name)).join("|");
      const path = new RegExp(`^/keys/(${either})/[0-9a-f]{32} [\\w-]{43}$`);
      return atOwnHost(types.vault, /^\.vault\.azure\.net$/, path, wants).test(value, context);
    },
  };
}

/** The set-up's own vault itself, or the one that is handed in. */
export const ownVault = atOwnHost(
  types.vault,
  /^\.vault\.azure\.net$/,
  /^\/?$/,
  "the address of the set-up's own vault",
);

export function inOwnStorage(path: RegExp, what: string): Predicate {
  return atOwnHost(types.storage, /^\.blob\.core\.windows\.net$/, path, `${what} in the set-up's own storage account`);
}
