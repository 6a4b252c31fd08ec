import * as pulumi from "@pulumi/pulumi";
import type { FixedSettings } from "../deployment/fixed-settings";
import { isOwn, OwnResource } from "./own-resource";

export type FixedSettingsArgs = { readonly [Name in keyof FixedSettings]: pulumi.Input<FixedSettings[Name]> };

/**
 * The settings that a protected stack cannot change. A preview of such a change is refused with the setting, the property
 * in Azure that hangs on it, and what to do; Pulumi itself would only say that a resource is protected. A run that takes
 * the protection off takes this away too, and so may change them.
 */
export class FixedSettingsCheck extends OwnResource {
  static override isInstance(resource: unknown): resource is FixedSettingsCheck {
    return isOwn(resource, "FixedSettingsCheck");
  }

  constructor(name: string, args: FixedSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("FixedSettingsCheck", name, { ...args }, opts);
  }
}
