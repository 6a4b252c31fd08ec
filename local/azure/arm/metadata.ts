/**
 * The public cloud's endpoints, as `GET /metadata/endpoints?api-version=2022-09-01` lists them. Clients that are told
 * of a metadata host read their sign-in authority and suffixes here, before they have a token.
 */
export function endpoints(): Record<string, unknown> {
  return {
    name: "AzureCloud",
    portal: "https://portal.azure.com",
    authentication: {
      loginEndpoint: "https://login.microsoftonline.com",
      audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
      tenant: "common",
      identityProvider: "AAD",
    },
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    resourceManager: "https://management.azure.com/",
    suffixes: { storage: "core.windows.net", keyVaultDns: "vault.azure.net" },
  };
}
