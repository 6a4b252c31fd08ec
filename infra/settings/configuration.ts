import * as pulumi from "@pulumi/pulumi";
import { environmentText } from "./environment";
import { isEncrypted } from "../provider-settings";
import { parseSettings, type Settings } from "./settings";
import { SettingsError } from "./settings-error";

/**
 * The stack's settings; tells what environment they make. Throws a `pulumi.RunError`, which Pulumi prints without a stack trace, before any resource is
 * registered: a wrong setting fails the preview.
 */
export function readSettings(): Settings {
  const stack = pulumi.getStack();
  const warnings: string[] = [];
  try {
    const settings = parseSettings({
      project: pulumi.getProject(),
      stack,
      config: pulumi.runtime.allConfig(),
      isEncrypted,
      environment: process.env,
      warn: (warning) => warnings.push(warning),
    });
    void pulumi.log.info(environmentText(stack, settings));
    for (const warning of warnings) void pulumi.log.warn(warning);
    return settings;
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(`${error.message}\nNothing was created.`);
    throw error;
  }
}
