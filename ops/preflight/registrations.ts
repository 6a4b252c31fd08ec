import type { Arm } from "../../infra/azure/arm";
import { isForbidden, unlessRefused } from "../azure/unless-refused";
import type { Finding } from "./finding";

/** Namespaces of the resource types that the program makes; Microsoft.Authorization and Resources are always there. */
const namespaces = [
  "Microsoft.BotService",
  "Microsoft.Web",
  "Microsoft.KeyVault",
  "Microsoft.ManagedIdentity",
  "Microsoft.Storage",
  "Microsoft.OperationalInsights",
  "Microsoft.Insights",
] as const;

/** Whether the subscription has each namespace registered. Where the deployer may not look, that is said. */
export async function registrations(arm: Arm, subscription: string): Promise<Finding[]> {
  return Promise.all(
    namespaces.map(async (namespace): Promise<Finding> => {
      const what = `Subscription: ${namespace} is registered`;
      const fix = `az provider register --namespace ${namespace} --wait`;
      const found = await unlessRefused(
        arm.get<{ registrationState?: string }>(`${subscription}/providers/${namespace}`, "2021-04-01"),
        isForbidden,
      );
      if (!found) return { what, state: "unsure", because: "you may not look; if it is not", fix };
      const { registrationState = "not known" } = found;
      return registrationState === "Registered"
        ? { what, state: "held" }
        : { what, state: "missing", because: registrationState, fix };
    }),
  );
}
