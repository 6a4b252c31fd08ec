/** Commands that texts of the project name and that are not run here, each with the reason. */
export const notRun: Readonly<Record<string, string>> = {
  "az webapp log tail": "az asks the app past the proxy first, by the real internet",
  "az logout": "it would end the sign-in of the commands after it",
  "az policy exemption create": "whoever owns the policy runs it, in a tenant that has one",
  "az cloud set": "the local Azure is the public cloud alone",
  "az account show": "it reads what az itself has written down",
  ...Object.fromEntries(
    [
      "az keyvault certificate recover",
      "az keyvault certificate set-attributes",
      "az keyvault key set-attributes",
      "az keyvault set-policy",
      "az webapp auth update",
      "az webapp config access-restriction add",
    ].map((command) => [
      command,
      "known by az's reference alone: https://learn.microsoft.com/cli/azure/reference-index",
    ]),
  ),
};
