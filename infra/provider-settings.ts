import * as pulumi from "@pulumi/pulumi";

/** The SDK tells its own `Config` which keys are encrypted, but leaves the function out of its types. */
export function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}

/** What the stack's file says to azure-native (`azure-native:subscriptionId`), by its own names. */
export function saidToAzureNative(): Readonly<Record<string, pulumi.Input<string>>> {
  const ofAzureNative = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith("azure-native:"));
  return Object.fromEntries(
    ofAzureNative.map(([key, value]) => [
      key.slice("azure-native:".length),
      isEncrypted(key) ? pulumi.secret(value) : value,
    ]),
  );
}
