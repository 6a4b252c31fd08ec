import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { lackingOf } from "../decisions/existing";
import { microsoftGraph, permissionIds } from "../decisions/permissions";

export interface ExistingSignInAppArgs {
  readonly clientId: pulumi.Input<string>;
  /** Where the Token Service takes users back; follows from the residency. */
  readonly redirectAddress: string;
  /** Delegated scopes of Microsoft Graph that the connections ask for. */
  readonly scopes: readonly string[];
  /** What its owner reads beside the password: several bots may share the application. */
  readonly passwordName: string;
  /** ISO date at which the password ends. */
  readonly passwordEnds: pulumi.Input<string>;
}

/**
 * An application of others through which users sign in. It gets a password of ours, which a destroy takes back; its redirect
 * address and permissions are looked at, never changed.
 */
export class ExistingSignInApp extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ExistingSignInAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:ExistingSignInApp", name, {}, opts);
    const { redirectAddress, scopes } = args;
    const permissions = Object.fromEntries(permissionIds(scopes).map((id, at) => [scopes[at]!, id]));
    const found = azuread.getApplicationOutput({ clientId: args.clientId }, { parent: this }).apply((application) => {
      const lacking = lackingOf(
        {
          displayName: application.displayName,
          redirectUris: application.webs.flatMap((web) => web.redirectUris),
          permissionIds: application.requiredResourceAccesses
            .filter(({ resourceAppId }) => resourceAppId === microsoftGraph)
            .flatMap(({ resourceAccesses }) => resourceAccesses)
            .filter(({ type }) => type === "Scope")
            .map(({ id }) => id),
        },
        { redirectAddress, permissions },
      );
      if (lacking.length === 0) return application;
      throw new pulumi.RunError(
        `Users cannot sign in through ${application.displayName} (${application.clientId}): ${lacking.join("; ")}. ` +
          "It is not changed by this program: whoever owns it adds that.",
      );
    });
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
