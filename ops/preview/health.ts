import { healthRoute } from "../../contract/app-settings";
import { lookAt } from "../../infra/code/health";

/**
 * How a preview's bot is. `none`: nothing is deployed yet; `silent`: it does not answer in time, or
 * something else does; `unknown`: Pulumi does not let the preview be read.
 */
export interface PreviewHealth {
  readonly state: "well" | "unwell" | "silent" | "none" | "unknown";
  /** What is wrong, in a few words. */
  readonly why?: string;
}

/** A sleeping bot of a free plan may take longer; it is then called silent, and well at the next look. */
const answersWithin = 8_000;

/** Asks the bot's own health page, at most {@link answersWithin} milliseconds. */
export async function healthOf(chatAddress: string | undefined): Promise<PreviewHealth> {
  if (chatAddress === undefined) return { state: "none" };
  const look = await lookAt({ fetch }, new URL(healthRoute, chatAddress).href, answersWithin);
  switch (look.found) {
    case "no answer":
      return { state: "silent", why: look.why };
    case "other":
      return { state: "silent", why: `answers ${look.status} without a health page` };
    case "health": {
      if (look.health.status === "well") return { state: "well" };
      const unwell = look.health.checks.filter(({ ok }) => !ok).map(({ name }) => name);
      return { state: "unwell", why: [...new Set(unwell)].join(", ") };
    }
  }
}
