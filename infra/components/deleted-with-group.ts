import * as pulumi from "@pulumi/pulumi";

/** Types whose resources all live in the resource group: Azure's own, and those of this program's own provider. */
const inGroup = /^(azure-native:|bot-sign-in:index:)/;

/**
 * Makes a destroy delete the group alone, and with it everything inside: one call instead of dozens, and no order in
 * which a half-deleted set-up can get stuck. For previews: who takes one down looks first that nobody else put anything
 * into the group. Holds for what is registered afterwards.
 */
export function deletedWithGroup(group: pulumi.Resource): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    inGroup.test(type) ? { props, opts: pulumi.mergeOptions(opts, { deletedWith: group }) } : undefined,
  );
}
