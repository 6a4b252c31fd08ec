import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface ConnectionCheckArgs {
  readonly subscriptionId: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly botName: pulumi.Input<string>;
  readonly connectionName: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
  readonly serviceProviderId: pulumi.Input<string>;
  /** Space separated, case-sensitive. */
  readonly scopes: pulumi.Input<string>;
  /** Parameters of the provider, such as `tenantId`. Never a secret. */
  readonly parameters: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The service's own id of the connection; a re-created connection has another, and is checked again. */
  readonly settingId: pulumi.Input<string>;
  /** Whether it was made by hand, and the settings are written after it. */
  readonly adopted: boolean;
}

/** Reads an OAuth connection back after it was made and fails, naming field and live value, where it is not as written. */
export class ConnectionCheck extends OwnResource {
  static override isInstance(resource: unknown): resource is ConnectionCheck {
    return isOwn(resource, "ConnectionCheck");
  }

  constructor(name: string, args: ConnectionCheckArgs, opts?: pulumi.CustomResourceOptions) {
    super("ConnectionCheck", name, { ...args, differences: undefined }, opts);
  }
}
