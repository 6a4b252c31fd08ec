import type { KnownError } from "./known-error";

const troubleshooting =
  "https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/monitor/monitor-query-logs/TROUBLESHOOTING.md";

/** What Log Analytics refuses who asks for rows. */
export const logAnalyticsErrors: readonly KnownError[] = [
  {
    id: "logs-closed-to-network",
    codes: ["InsufficientAccessError"],
    says: /NspValidationFailed|publicNetworkAccess|is denied/i,
    cause: "The workspace takes no questions from this network",
    fix: "Ask from a network that may, or open the workspace for queries: az monitor log-analytics workspace update --query-access Enabled.",
    source: "https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security",
  },
  {
    id: "logs-right-missing",
    codes: ["InsufficientAccessError"],
    cause: "Whoever asks may not read the workspace's logs",
    fix: 'Get the role at the workspace: az role assignment create --assignee <object id> --role "Log Analytics Reader" --scope <workspace id>.',
    source: troubleshooting,
  },
  {
    id: "logs-workspace-gone",
    codes: ["PathNotFoundError"],
    cause: "No workspace has this id any more, or it was made a moment ago",
    fix: "Wait some minutes; pulumi up --refresh makes one again that was deleted.",
    source: "https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace",
  },
  {
    id: "logs-token-refused",
    codes: ["InvalidTokenError", "AuthorizationRequiredError"],
    cause: "The token is not for Log Analytics, or has ended",
    fix: "Sign in again: az login, or look at the ARM_* variables.",
    source: "https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api",
  },
];
