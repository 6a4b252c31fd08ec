/** What one kind of call takes in Azure. */
export interface Latency {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Host, or the end of it. */
  readonly host: string;
  /** How the path ends, `*` for any one segment; absent: any path. */
  readonly path?: string;
  /** From the request to the answer, and on to the end of an operation that the answer only begins. */
  readonly milliseconds: number;
  /** A link to the recording or page that it comes from; or `assumed: ` and why. */
  readonly source: string;
}

/** A call that a deployment makes. */
export interface AzureCall {
  readonly method: string;
  readonly url: string;
}

const arm = "management.azure.com";
const graph = "graph.microsoft.com";
const entra = "login.microsoftonline.com";
const app = "azurewebsites.net";
const scm = "scm.azurewebsites.net";

/** Recordings of real calls, of which every answer carries its date: a call took at most what passed since the one before. */
const recorded = (test: string, commit: string): string => {
  const [module, name] = test.split("/");
  const folder = `src/azure-cli/azure/cli/command_modules/${module}/tests/latest/recordings`;
  return `https://github.com/Azure/azure-cli/blob/${commit}/${folder}/${name}.yaml`;
};
const directLine = recorded("botservice/test_directline_channel", "f971fabda7ac8ae852347c93d2a3f119703d3fcd");
const teams = recorded("botservice/test_msteams_channel", "64c1bdc16783d7b1995b7ac08bee20f6ca3849e3");
const connection = recorded("botservice/test_auth_setting", "39798b53d41f1c7d6e9358fe63065c80569852c5");
const webApp = recorded("appservice/test_linux_webapp_quick_create", "9ca2670fc1086bc2d4c8ff5969064d6bf34aa9f5");
const vault = recorded("keyvault/test_keyvault_public_network_access", "059553ab3a40321fc0c705ba7a54743466f7e789");
const account = recorded("storage/test_create_storage_account", "3f03900054234ebe632877023a675ff13dd119c2");
const identity = recorded("identity/test_identity_management", "d12b5feab84b8a5654f04a7b8ffaea6af21bc422");
const role = recorded(
  "role/test_role_assignment_create_using_principal_type",
  "1fec3e2d5c204e40489f81aca7ab52b047a8b138",
);
const application = recorded("role/test_app_credential", "fd3b3d8c19a107328a163d5d7a1c4a6c3f83cbcd");
const diagnostics = recorded(
  "monitor/test_monitor_diagnostic_settings_scenario",
  "5a665f478c74415652ad05145efe2503f2ef2137",
);
const workspace = recorded(
  "monitor/test_monitor_log_analytics_workspace_public_access",
  "5a665f478c74415652ad05145efe2503f2ef2137",
);

/**
 * How long Azure takes for the calls of a deployment; the first row that fits counts. Single recordings, of 2020
 * to 2022 and of several regions: they say which way through the graph is the longest, not what the next deployment takes.
 */
export const latencies: readonly Latency[] = [
  // Azure Resource Manager
  {
    method: "PUT",
    host: arm,
    path: "resourceGroups/*",
    milliseconds: 2_000,
    source: "assumed: a record, nothing behind it",
  },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.ManagedIdentity/userAssignedIdentities/*",
    milliseconds: 8_000,
    source: identity,
  },
  { method: "PUT", host: arm, path: "Microsoft.Authorization/roleAssignments/*", milliseconds: 2_000, source: role },
  // 13 s to the answer, Succeeded 2 s later.
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.OperationalInsights/workspaces/*",
    milliseconds: 15_000,
    source: workspace,
  },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.Insights/diagnosticSettings/*",
    milliseconds: 6_000,
    source: diagnostics,
  },
  // 8 s to the answer "RegisteringDns", at most 30 s more; azure-native looks again after 10 s.
  { method: "PUT", host: arm, path: "Microsoft.KeyVault/vaults/*", milliseconds: 18_000, source: vault },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.KeyVault/vaults/*/secrets/*",
    milliseconds: 2_000,
    source: "assumed: as a role assignment, a small write through ARM",
  },
  // 2 s to a 202, which asks for 17 s until the next look.
  { method: "PUT", host: arm, path: "Microsoft.Storage/storageAccounts/*", milliseconds: 19_000, source: account },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.Storage/storageAccounts/*/blobServices/default/containers/*",
    milliseconds: 1_000,
    source: "assumed: the account is there, and a container is a record in it",
  },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.Storage/storageAccounts/*/managementPolicies/*",
    milliseconds: 2_000,
    source: recorded("storage/test_management_policy", "017442c3d8d55d2903ddaf3f13352eef643f6e6a"),
  },
  { method: "PUT", host: arm, path: "Microsoft.Web/serverfarms/*", milliseconds: 13_000, source: webApp },
  { method: "PUT", host: arm, path: "Microsoft.Web/sites/*", milliseconds: 20_000, source: webApp },
  {
    method: "PUT",
    host: arm,
    path: "Microsoft.Web/sites/*/basicPublishingCredentialsPolicies/*",
    milliseconds: 2_000,
    source: "assumed: a flag of the web app",
  },
  // 7, 9 and 12 s in three recordings.
  { method: "PUT", host: arm, path: "Microsoft.BotService/botServices/*", milliseconds: 9_000, source: directLine },
  { method: "PUT", host: arm, path: "botServices/*/channels/MsTeamsChannel", milliseconds: 6_000, source: teams },
  {
    method: "PUT",
    host: arm,
    path: "botServices/*/channels/DirectLineChannel",
    milliseconds: 5_000,
    source: directLine,
  },
  {
    method: "PUT",
    host: arm,
    path: "botServices/*/channels/*",
    milliseconds: 5_000,
    source: "assumed: as Direct Line; no write of Web Chat is recorded",
  },
  { method: "PUT", host: arm, path: "botServices/*/connections/*", milliseconds: 3_000, source: connection },
  { method: "POST", host: arm, path: "channels/*/listChannelWithKeys", milliseconds: 1_000, source: directLine },
  {
    method: "POST",
    host: arm,
    path: "checkNameAvailability",
    milliseconds: 500,
    source: "assumed: a read in the form of a question",
  },
  { method: "GET", host: arm, path: "botServices/*/channels/*", milliseconds: 1_000, source: directLine },
  { method: "GET", host: arm, milliseconds: 500, source: vault },
  // Entra, by Microsoft Graph
  { method: "POST", host: graph, path: "applications", milliseconds: 1_000, source: application },
  {
    method: "POST",
    host: graph,
    path: "servicePrincipals",
    milliseconds: 1_000,
    source: "assumed: as an application",
  },
  // 1 s to the answer; then the azuread provider looks five times, a second apart, whether the password has spread.
  { method: "POST", host: graph, path: "applications/*/addPassword", milliseconds: 6_000, source: application },
  {
    method: "POST",
    host: graph,
    path: "oauth2PermissionGrants",
    milliseconds: 1_000,
    source: "assumed: as an application",
  },
  { method: "PATCH", host: graph, milliseconds: 500, source: "assumed: half of what making an application takes" },
  { method: "GET", host: graph, milliseconds: 300, source: application },
  { method: "POST", host: entra, path: "oauth2/v2.0/token", milliseconds: 300, source: "assumed: as a read of Graph" },
  // The code
  {
    method: "GET",
    host: scm,
    milliseconds: 2_000,
    source: "assumed: the deployment service of a new app is started by the first call",
  },
  // From the build's end to "Site started successfully"; the package is taken and unpacked before.
  {
    method: "POST",
    host: scm,
    path: "api/publish",
    milliseconds: 44_000,
    source:
      "https://github.com/ktorio/ktor-documentation/blob/4424d6276a5ad08ad6af2d905a6aacf32474db07/topics/azure-app-service.md",
  },
  { method: "GET", host: app, milliseconds: 500, source: "assumed: as a read through ARM" },
];

/** The row for a call; undefined where none fits. */
export function latencyOf({ method, url }: AzureCall): Latency | undefined {
  const { hostname, pathname } = new URL(url);
  return latencies.find(
    (row) =>
      row.method === method &&
      `.${hostname}`.endsWith(`.${row.host}`) &&
      (row.path === undefined || ends(row.path).test(pathname)),
  );
}

/** ARM's paths are compared without case. */
function ends(path: string): RegExp {
  return new RegExp(`/${path.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}$`, "i");
}
