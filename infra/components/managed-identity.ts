import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../deployment/tags";
import { madeBeforeReplaced } from "./made-before-replaced";
import { type BuiltInRole, roleDefinitionId } from "../facts/roles";

export interface ManagedIdentityArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly identityName: pulumi.Input<string>;
  readonly subscriptionId: pulumi.Input<string>;
  readonly vaultId: pulumi.Input<string>;
  readonly stateContainerId: pulumi.Input<string>;
  readonly tags: Tags;
}

/**
 * The identity with which the running bot reads its secrets and its state. User-assigned, so that it may read the
 * secrets before the web app exists: a reference that fails to resolve at first stays failed (known mistake 13).
 */
export class ManagedIdentity extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** The web app has to name it in `dependsOn`: nothing in its inputs points to it. */
  readonly readsSecrets: authorization.RoleAssignment;
  /** Needed by the bot when users come, so that neither web app nor code has to wait for the storage account's role. */
  readonly writesState: authorization.RoleAssignment;
  readonly #grant: (
    what: string,
    role: BuiltInRole,
    scope: pulumi.Input<string>,
    dependsOn?: readonly pulumi.Resource[],
  ) => authorization.RoleAssignment;

  constructor(name: string, args: ManagedIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ManagedIdentity", name, {}, opts);

    const identity = new managedidentity.UserAssignedIdentity(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        resourceName: args.identityName,
        tags: args.tags,
      },
      { parent: this, ...madeBeforeReplaced },
    );
    this.#grant = (what, role, scope, dependsOn = []) =>
      new authorization.RoleAssignment(
        `${name}-${what}`,
        {
          scope,
          principalId: identity.principalId,
          // Said outright, ARM does not look a brand-new principal up in Graph, where it may not be found yet.
          principalType: "ServicePrincipal",
          roleDefinitionId: pulumi.output(args.subscriptionId).apply((id) => roleDefinitionId(id, role)),
        },
        { parent: this, dependsOn: [...dependsOn], ...madeBeforeReplaced },
      );

    this.id = identity.id;
    this.clientId = identity.clientId;
    this.readsSecrets = this.#grant("reads-secrets", "keyVaultSecretsUser", args.vaultId);
    this.writesState = this.#grant("writes-state", "storageBlobDataContributor", args.stateContainerId);
    this.registerOutputs();
  }

  /**
   * Lets it sign with a key of the vault, and with no other.
   * @param what names the assignment: `signs`
   * @param keyId `<ARM id of the vault>/keys/<name>`
   * @param made with what the key comes to be
   */
  mayUseKey(what: string, keyId: pulumi.Input<string>, made: pulumi.Resource): authorization.RoleAssignment {
    return this.#grant(what, "keyVaultCryptoUser", keyId, [made]);
  }
}
