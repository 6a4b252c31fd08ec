import { askPolicy } from "../../../ops/preflight/azure-policy";
import { readLocks } from "../../../ops/preflight/locks";
import { readUsages } from "../../../ops/preflight/quota";
import { readTenantPolicy } from "../../../ops/preflight/tenant-policy";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const looks: Readonly<Record<string, (access: StandInAccess) => Promise<unknown>>> = {
  locks: (access) => readLocks(access, "/subscriptions/s"),
  quota: (access) => readUsages(access, "s", "westeurope"),
  policy: (access) => askPolicy(access, "s", []),
  tenant: (access) => readTenantPolicy(access, undefined),
};

test.each<[look: string, status: number, told: "may not" | "failed"]>([
  ["locks", 401, "failed"],
  ["locks", 403, "may not"],
  ["quota", 400, "may not"],
  ["quota", 403, "may not"],
  ["policy", 400, "may not"],
  ["policy", 403, "may not"],
  ["tenant", 401, "may not"],
  ["tenant", 403, "may not"],
  ["tenant", 400, "failed"],
  ...Object.keys(looks).flatMap((look) => [429, 503].map((status) => [look, status, "failed"] as const)),
] as [string, number, "may not" | "failed"][])(
  "%s that Azure answers with %d: whoever looks is told that %s, and not that a right is missing where Azure was busy",
  async (look, status, told) => {
    const access = new StandInAccess(() => Response.json({ error: { code: "No", message: "no" } }, { status }));
    const answer = await looks[look]!(access).then(
      (found) => (found === undefined ? "may not" : found),
      () => "failed",
    );
    expect(answer).toBe(told);
  },
);
