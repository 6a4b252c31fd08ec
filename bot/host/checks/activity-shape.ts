import { type Check, type IncomingActivity, refuse } from "../arrival";

/** The fields that the adapter and the turn rely on; without this check a missing one is an error in mid-turn. */
export const activityShape: Check = {
  name: "activity shape",
  run(arrival) {
    const activity = parse(arrival.body ?? "");
    for (const field of ["type", "channelId", "serviceUrl"] as const) {
      if (!isText(activity[field])) throw refuse(400, `The activity has no ${field}.`);
    }
    for (const field of ["conversation", "from", "recipient"] as const) {
      if (!isText((activity[field] as { id?: unknown } | null | undefined)?.id)) {
        throw refuse(400, `The activity has no ${field}.id.`);
      }
    }
    arrival.activity = activity as IncomingActivity;
  },
};

function parse(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refuse(400, "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse(400, "The body is not an activity.");
  return value as Record<string, unknown>;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
