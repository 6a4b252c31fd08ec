import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type Settings } from "./settings";
import { SettingsError } from "./settings-error";

/**
 * The stack's settings. Throws a `pulumi.RunError`, which Pulumi prints without a stack trace, before any resource is
 * registered: a wrong setting fails the preview.
 */
export function readSettings(): Settings {
  try {
    return parseSettings({
      project: pulumi.getProject(),
      stack: pulumi.getStack(),
      config: pulumi.runtime.allConfig(),
      isEncrypted,
      environment: process.env,
    });
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(`${error.message}\nNothing was created.`);
    throw error;
  }
}

/** The SDK tells its own `Config` which keys are encrypted, but leaves the function out of its types. */
function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
