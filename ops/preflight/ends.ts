import { endsAhead, endsOf, noticeDays } from "../../infra/deployment/ends-ahead";
import { usedBy } from "../../infra/deployment/used";
import type { Settings } from "../../infra/settings/settings";
import type { Finding } from "./finding";

/**
 * Announced ends that meet the stack within the days of notice. Only what Azure refuses by now is missing: all else still
 * deploys. Pure.
 */
export function endsOfStack({ code, identity }: Pick<Settings, "code" | "identity">, now: Date): Finding[] {
  const used = usedBy(code, identity);
  const ahead = endsAhead(used, now);
  if (ahead.length === 0) {
    const [next] = endsOf(used, now);
    const what = `Calendar: nothing that the stack uses ends within ${noticeDays} days`;
    return [{ what, state: "held", ...(next ? { because: `the next: ${next.what}, ${next.at}` } : {}) }];
  }
  return ahead.map((end) => ({
    what: `Calendar: ${end.what} ${end.daysLeft < 0 ? "is over since" : "is over on"} ${end.at}`,
    state: end.of.part === "api-version" && end.daysLeft < 0 ? "missing" : "unsure",
    because: end.daysLeft < 0 ? "passed" : `${end.daysLeft} days left`,
    fix: `${end.breaks} ${end.fix} (${end.source})`,
  }));
}
