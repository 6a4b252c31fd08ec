import { type CodeArgs, isBrought, planOf } from "./code";
import type { BotIdentityKind } from "../settings/environment";
import type { Used } from "./ends-ahead";
import { sdks } from "../facts/sdks";

/**
 * By which api-versions Azure Resource Manager is asked: by azure-native 3.28.0 and its package of Key Vault, by the program's
 * own provider, and by the commands of `ops/`. test/ops/ends.test.ts holds it against all three.
 */
export const usedApiVersions: Used["apiVersions"] = [
  ["Microsoft.Authorization", "2020-05-01"],
  ["Microsoft.Authorization", "2022-04-01"],
  ["Microsoft.Authorization", "2022-06-01"],
  ["Microsoft.BotService", "2022-09-15"],
  ["Microsoft.BotService", "2023-09-15-preview"],
  ["Microsoft.Insights", "2021-05-01-preview"],
  ["Microsoft.KeyVault", "2026-02-01"],
  ["Microsoft.ManagedIdentity", "2023-01-31"],
  ["Microsoft.OperationalInsights", "2023-09-01"],
  ["Microsoft.PolicyInsights", "2022-03-01"],
  ["Microsoft.Resources", "2019-05-01"],
  ["Microsoft.Resources", "2020-10-01"],
  ["Microsoft.Resources", "2021-04-01"],
  ["Microsoft.Resources", "2024-03-01"],
  ["Microsoft.Storage", "2023-05-01"],
  ["Microsoft.Storage", "2024-01-01"],
  ["Microsoft.Web", "2022-03-01"],
  ["Microsoft.Web", "2024-04-01"],
  ["Microsoft.Web", "2024-11-01"],
  ["Microsoft.Web", "2025-05-01"],
];

/** What a stack uses of all that may end, by its code and its bot's identity. */
export function usedBy(code: CodeArgs | undefined, identity: BotIdentityKind): Used {
  return {
    apiVersions: usedApiVersions,
    runtime: planOf(code).runtime,
    sdk: sdks[isBrought(code) ? code.sdk : "ours"].family,
    botType: identity === "managed" ? "UserAssignedMSI" : "SingleTenant",
    // The web app's and the storage account's own settings, which the policy pack demands.
    tls: "1.2",
  };
}
