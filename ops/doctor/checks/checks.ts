import { botChecks } from "./bot";
import { channelChecks } from "./channels";
import type { Check } from "./check";
import { connectionChecks } from "./connections";
import { identityChecks } from "./identity";
import { signInChecks } from "./sign-in";
import { teamsChecks } from "./teams";
import { vaultChecks } from "./vault";
import { webAppChecks } from "./web-app";

/** Every check, in the order in which a person reads what was found. */
export const checks: readonly Check[] = [
  ...botChecks,
  ...identityChecks,
  ...webAppChecks,
  ...vaultChecks,
  ...connectionChecks,
  ...channelChecks,
  ...teamsChecks,
  ...signInChecks,
];
