/** What ARM's answer about a vault has, by where it stands; recorded at 2021-10-01 and 2021-06-01-preview alike. */
export const vaultKeys = {
  "": "id name type location tags systemData properties",
  systemData: "createdBy createdByType createdAt lastModifiedBy lastModifiedByType lastModifiedAt",
  properties:
    "sku tenantId accessPolicies enabledForDeployment enableSoftDelete softDeleteRetentionInDays vaultUri " +
    "provisioningState publicNetworkAccess",
};
