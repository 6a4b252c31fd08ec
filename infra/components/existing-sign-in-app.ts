import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

export interface ExistingSignInAppArgs {
  readonly clientId: pulumi.Input<string>;
  /** What its owner reads beside the password: several bots may share the application. */
  readonly passwordName: string;
  /** ISO date at which the password ends. */
  readonly passwordEnds: pulumi.Input<string>;
}

/**
 * An application of others through which users sign in. It gets a password of ours, which a destroy takes back; its redirect
 * address and permissions are looked at before (`Preconditions`), never changed.
 */
export class ExistingSignInApp extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ExistingSignInAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ExistingSignInApp", name, {}, opts);
    const found = azuread.getApplicationOutput({ clientId: args.clientId }, { parent: this });
    const password = new azuread.ApplicationPassword(
      name,
      { applicationId: found.id, displayName: args.passwordName, endDate: args.passwordEnds },
      { parent: this },
    );
    this.clientId = found.clientId;
    this.password = pulumi.secret(password.value);
    this.registerOutputs();
  }
}
