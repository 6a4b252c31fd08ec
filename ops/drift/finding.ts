import { isDeepStrictEqual } from "node:util";
import { isObject, isSecret, nameOf, opened, type State, type StateResource } from "../pulumi/state";

/** One field whose live value is not the one that was deployed. */
export interface Finding {
  /** `WebApp host` */
  readonly resource: string;
  readonly field: string;
  readonly live: string;
  readonly deployed: string;
}

/**
 * What a refresh has changed in the state: inputs by their live value, resources that are gone.
 * @param before,after exports with secrets shown; a secret's value never becomes part of a finding
 */
export function refreshed(before: State, after: State): Finding[] {
  const live = new Map((after.deployment.resources ?? []).map((resource) => [resource.urn, resource]));
  return (before.deployment.resources ?? [])
    .filter(({ custom }) => custom)
    .flatMap((resource) => {
      const now = live.get(resource.urn);
      if (!now)
        return [{ resource: nameOf(resource), field: "id", live: "(is not there)", deployed: resource.id ?? "" }];
      return changedFields(nameOf(resource), deployed(resource), deployed(now));
    });
}

/**
 * What a person would say was deployed: the inputs, into which a refresh carries what changed. The program's own provider
 * changes no input; what it found stands in its outputs. All other outputs follow from inputs and are no news.
 */
function deployed({ type, inputs = {}, outputs = {} }: StateResource): Record<string, unknown> {
  const values = type.startsWith("bot-sign-in:index:") ? outputs : inputs;
  // A connection shows the bot's tags as its own: https://github.com/Azure/azure-rest-api-specs/issues/18334
  const ofTheBot = type === "azure-native:botservice:BotConnection" ? ["tags"] : [];
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !name.startsWith("__") && !ofTheBot.includes(name)),
  );
}

function changedFields(resource: string, before: unknown, now: unknown, field = "", hidden = false): Finding[] {
  const secret = hidden || isSecret(before) || isSecret(now);
  const [one, other] = [isSecret(before) ? opened(before) : before, isSecret(now) ? opened(now) : now];
  if (isDeepStrictEqual(opened(one), opened(other))) return [];
  if (isObject(one) && isObject(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
      changedFields(resource, one[key], other[key], field ? `${field}.${key}` : key, secret),
    );
  }
  return [{ resource, field, live: shown(other, secret), deployed: shown(one, secret) }];
}

/** A value as people read it. */
export function shown(value: unknown, secret = false): string {
  if (value === undefined || value === null) return "(absent)";
  return secret ? "(a secret)" : JSON.stringify(opened(value));
}
