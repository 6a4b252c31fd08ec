import * as pulumi from "@pulumi/pulumi";
import { isAzureNative } from "../facts/azure-native";

/** Types whose resources all live in the resource group: Azure's own, and those of this program's own provider. */
const inGroup = (type: string): boolean => isAzureNative(type) || type.startsWith("bot-sign-in:index:");

/**
 * Option of a component that makes a destroy delete the group alone, and with it everything inside: one call instead of
 * dozens, and no order in which a half-deleted set-up can get stuck. For previews: who takes one down looks first that
 * nobody else put anything into the group.
 * @param group gives the component's own group, undefined while there is none, which goes with nothing
 */
export function deletedWithGroup(group: () => pulumi.Resource | undefined): pulumi.ResourceTransformation {
  return ({ type, props, opts }) => {
    const deletedWith = group();
    return inGroup(type) && deletedWith ? { props, opts: pulumi.mergeOptions(opts, { deletedWith }) } : undefined;
  };
}
