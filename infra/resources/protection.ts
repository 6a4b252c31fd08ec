import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface ProtectionArgs {
  readonly protect: pulumi.Input<boolean>;
  /** The bot that is protected, as messages name it. */
  readonly what: pulumi.Input<string>;
}

/**
 * Stands before all that it depends on: a destroy meets it first, and while it protects, the destroy ends there. Pulumi's
 * option `--ignore-protect` does not overrule it.
 */
export class Protection extends OwnResource {
  static override isInstance(resource: unknown): resource is Protection {
    return isOwn(resource, "Protection");
  }

  constructor(name: string, args: ProtectionArgs, opts?: pulumi.CustomResourceOptions) {
    super("Protection", name, { ...args }, opts);
  }
}
