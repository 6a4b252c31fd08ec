import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface PasswordProofArgs {
  readonly tenantId: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
  /** Secret. */
  readonly password: pulumi.Input<string>;
  /** What its user asks for: `https://api.botframework.com/.default`. */
  readonly scope: pulumi.Input<string>;
  /** Whether the program made the service principal: an application of others may have none, and nothing can be proved then. */
  readonly ownPrincipal: boolean;
}

/** There only when Entra ID has given three tokens in a row for a password: whatever hands the password on waits for this. */
export class PasswordProof extends OwnResource {
  static override isInstance(resource: unknown): resource is PasswordProof {
    return isOwn(resource, "PasswordProof");
  }

  constructor(name: string, args: PasswordProofArgs, opts?: pulumi.CustomResourceOptions) {
    const { password, ...others } = args;
    super("PasswordProof", name, { ...others, password: pulumi.secret(password), provenAt: undefined }, opts);
  }
}
