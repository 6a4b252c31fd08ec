import { activityZodSchema } from "@microsoft/agents-activity";
import { type Check, type IncomingActivity, refuse } from "../arrival";

/** How deep an activity may be nested. Cards stay far below; what is deeper ends some program's stack sooner or later. */
export const deepest = 64;

/** Characters of an id. Those of Teams have some 200. */
export const longestId = 1024;

/** Fields whose content is their sender's own: it stays as it is. */
const sendersOwn = ["value", "channelData"];

/** Roles of recipients for which the SDK would ask for tokens of another kind, with ids that the activity names. */
const agentic = /^agentic/i;

/**
 * The body is an activity, field by field as the SDK's own schema says, which would otherwise fail in mid-turn. What the
 * schema does not know is left out: a field called like one of the SDK's methods would take that method's place. null and
 * an empty text mean to all channels that a field is not there.
 */
export const activityShape: Check = {
  name: "activity shape",
  run(arrival) {
    const given = withoutEmpty(parse(arrival.body ?? ""), sendersOwn) as Record<string, unknown>;
    const { success, error, data } = activityZodSchema.safeParse(given);
    if (!success) throw refuse(400, `The activity has no valid ${error.issues[0]?.path.join(".") || "fields"}.`);
    const activity = data as unknown as IncomingActivity;
    const fault = rules.find(({ holds }) => !holds(activity));
    if (fault) throw refuse(400, `The activity has no valid ${fault.field}.`);
    arrival.activity = activity;
  },
};

interface Rule {
  readonly field: string;
  readonly holds: (activity: IncomingActivity) => boolean;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isId = (value: unknown): boolean =>
  isText(value) && value.length <= longestId && value.isWellFormed() && !/\p{Cc}/u.test(value);
const isIdIfAny = (value: unknown): boolean => value === undefined || isId(value);
const isTimeIfAny = (value: unknown): boolean => value === undefined || !Number.isNaN((value as Date).getTime());

/** What the schema does not say and the turn relies on. */
const rules: readonly Rule[] = [
  // What follows a colon is a channel within the channel, such as msteams:COPILOT.
  { field: "channelId", holds: ({ channelId }) => /^[\w.-]{1,64}(:[\w.-]{1,64})?$/.test(channelId ?? "") },
  { field: "serviceUrl", holds: ({ serviceUrl }) => isText(serviceUrl) },
  { field: "conversation.id", holds: ({ conversation }) => isId(conversation?.id) && isSegment(conversation.id) },
  { field: "from.id", holds: ({ from }) => isId(from?.id) },
  { field: "recipient.id", holds: ({ recipient }) => isId(recipient?.id) },
  { field: "recipient.role", holds: ({ recipient }) => !agentic.test(String(recipient.role ?? "")) },
  { field: "id", holds: ({ id }) => isIdIfAny(id) },
  { field: "replyToId", holds: ({ replyToId }) => isIdIfAny(replyToId) },
  ...["timestamp", "localTimestamp", "expiration"].map((field) => ({
    field,
    holds: (activity: IncomingActivity) => isTimeIfAny(activity[field]),
  })),
  {
    // The SDK makes it a part of the channel's id.
    field: "entities.id",
    holds: ({ entities = [] }) => entities.every(({ type, id }) => type !== "ProductInfo" || isId(id)),
  },
];

/** The SDK writes the conversation's id into the path of its answers as it is. */
function isSegment(id: string): boolean {
  return !/[/\\?#]/.test(id) && !/^(\.|%2e){1,2}$/i.test(id);
}

function parse(body: string): object {
  if (isTooDeep(body)) throw refuse(400, `The body is nested more than ${deepest} deep.`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refuse(400, "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse(400, "The body is not an activity.");
  return value;
}

/** Counts brackets outside of texts, so that nothing that calls itself sees the value before. */
function isTooDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') inText = !inText;
    else if (inText) at += character === "\\" ? 1 : 0;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth > deepest) return true;
  }
  return false;
}

/** Leaves out fields that are null or an empty text, in everything but the fields named. */
function withoutEmpty(value: unknown, except: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutEmpty(element));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== "");
  return Object.fromEntries(fields.map(([name, field]) => [name, except.includes(name) ? field : withoutEmpty(field)]));
}
