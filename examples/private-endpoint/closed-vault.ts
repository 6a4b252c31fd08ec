import { output, type ResourceTransform } from "@pulumi/pulumi";

/**
 * Closes the vault to the public network. Who deploys still writes its secrets: that goes through Azure Resource Manager,
 * which is not a caller of the vault's network.
 */
export function closedVault(): ResourceTransform {
  return ({ type, props, opts }) =>
    type.endsWith(":keyvault:Vault")
      ? {
          props: {
            ...props,
            properties: output(props["properties"] as object).apply((properties) => ({
              ...properties,
              publicNetworkAccess: "disabled",
            })),
          },
          opts,
        }
      : undefined;
}
