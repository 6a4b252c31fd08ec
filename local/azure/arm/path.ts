import { notServed } from "../gap";

/** An address at ARM, taken apart. */
export interface ArmPath {
  readonly segments: readonly string[];
  readonly subscription?: string;
  readonly group?: string;
  /** What stands before the last `/providers/`: `/subscriptions/x/resourceGroups/y`; empty at the tenant. */
  readonly scope: string;
  /** True where the scope is no more than a tenant, a subscription or a resource group. */
  readonly plain: boolean;
  /** `Microsoft.BotService`; absent where there is no `/providers/` part. */
  readonly namespace?: string;
  /** What follows the namespace: `botServices`, `<name>`, `channels`, ... */
  readonly tail: readonly string[];
}

/** Takes an address's path apart. Throws where it is not spelt as a path. */
export function parsePath(pathname: string): ArmPath {
  // A deployment's operations have an older address besides, without its provider, which azure-cli asks.
  const whole = pathname.replace(
    /(\/resourcegroups\/[^/]+)(\/deployments\/[^/]+\/operations)/i,
    "$1/providers/Microsoft.Resources$2",
  );
  const segments = whole.split("/").filter(Boolean).map(decode);
  const is = (at: number, word: string): boolean => segments[at]?.toLowerCase() === word;
  const subscription = is(0, "subscriptions") ? segments[1] : undefined;
  const group = subscription !== undefined && is(2, "resourcegroups") ? segments[3] : undefined;
  const plainLength = group !== undefined ? 4 : subscription !== undefined ? 2 : 0;
  const providers = segments.findLastIndex((_, at) => is(at, "providers"));
  if (providers < 0) return { segments, subscription, group, scope: join(segments), plain: true, tail: [] };
  return {
    segments,
    subscription,
    group,
    scope: join(segments.slice(0, providers)),
    plain: providers === plainLength,
    namespace: segments[providers + 1],
    tail: segments.slice(providers + 2),
  };
}

/** `botServices`, `bot1`, `channels`, `x` to the type `Microsoft.BotService/botServices/channels`. */
export function typeOf(namespace: string, tail: readonly string[]): string {
  return [namespace, ...tail.filter((_, at) => at % 2 === 0)].join("/");
}

/** Names by lower-case segment: `{ subscriptions, resourcegroups, botservices, channels }`. */
export function namesOf(path: ArmPath): Record<string, string> {
  const names: Record<string, string> = {};
  for (let at = 0; at < path.segments.length;) {
    const segment = path.segments[at]!.toLowerCase();
    const value = path.segments[at + 1];
    if (segment !== "providers" && value !== undefined) names[segment] = value;
    at += 2;
  }
  return names;
}

/**
 * Compares a path below a resource with a template (`config/{name}/list`), without case.
 * Gives the values of its `{...}` by lower-case name, or undefined where it does not fit.
 */
export function matchTemplate(template: string, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = template.split("/");
  if (wanted.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = segments[at]!;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name) values[name.toLowerCase()] = value;
    else if (part.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return values;
}

const join = (segments: readonly string[]): string => segments.map((segment) => `/${segment}`).join("");

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notServed(`the segment '${segment}' of a path`, "Azure may");
  }
}
