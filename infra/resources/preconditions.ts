import * as pulumi from "@pulumi/pulumi";
import { isAzureNative } from "../facts/azure-native";
import type { Inputs } from "../provider/preconditions";
import { isOwn, OwnResource } from "./own-resource";

export type PreconditionsArgs = { readonly [Name in keyof Inputs]: pulumi.Input<pulumi.Unwrap<Inputs[Name]>> };

/**
 * What has to hold before anything of the component is written: what was handed in is there and fit, and names that it is
 * going to give are free. A preview is refused with the setting, what was found, and what to do.
 */
export class Preconditions extends OwnResource {
  static override isInstance(resource: unknown): resource is Preconditions {
    return isOwn(resource, "Preconditions");
  }

  constructor(name: string, args: PreconditionsArgs, opts?: pulumi.CustomResourceOptions) {
    super("Preconditions", name, { ...args }, opts);
  }
}

/** Types whose resources are something in Azure or Entra, or write there. */
const writes = (type: string): boolean => isAzureNative(type) || /^(azuread|bot-sign-in:index):/.test(type);

/**
 * Option of a component that lets nothing of it be written before its preconditions hold.
 * @param preconditions gives them, undefined while there are none
 */
export function afterPreconditions(preconditions: () => pulumi.Resource | undefined): pulumi.ResourceTransformation {
  return ({ type, props, opts }) => {
    const first = preconditions();
    return first && writes(type) ? { props, opts: pulumi.mergeOptions(opts, { dependsOn: [first] }) } : undefined;
  };
}
