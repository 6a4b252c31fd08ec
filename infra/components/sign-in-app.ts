import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { entraTagsOf, type Tags } from "../deployment/tags";
import { type DeclaredAccess, requiredAccesses } from "../connections/apis";
import type { TwoOf } from "../deployment/rotation";
import { type SignInCredentials, signInCredentials } from "./sign-in-credentials";

export interface SignInAppArgs {
  /** What users read on the sign-in and consent pages. */
  readonly displayName: pulumi.Input<string>;
  readonly deployer: pulumi.Input<string>;
  readonly serviceManagementReference?: string | undefined;
  /** Where the Token Service takes users back; follows from the residency. */
  readonly redirectAddress: string;
  /** The delegated permissions that the connections ask for. */
  readonly declared: pulumi.Input<readonly DeclaredAccess[]>;
  readonly tenantId: pulumi.Input<string>;
  /** ISO dates at which the passwords of both places end; undefined where no connection needs one. */
  readonly passwordsEnd: TwoOf<pulumi.Input<string>> | undefined;
  /** Whether a connection does without a secret. */
  readonly federated: boolean;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** The application through which users sign in: its redirect address, its permissions, its own scope, its credentials. */
export class SignInApp extends pulumi.ComponentResource {
  readonly application: azuread.Application;
  readonly servicePrincipal: azuread.ServicePrincipal;
  readonly clientId: pulumi.Output<string>;
  readonly credentials: SignInCredentials;
  /** Id of the scope `access_as_user`. */
  readonly scopeId: pulumi.Output<string>;

  constructor(name: string, args: SignInAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:SignInApp", name, {}, opts);
    const own = { parent: this };
    const tags = entraTagsOf(args.tags);

    // Kept in state for ever: Entra deletes no enabled scope, and pre-authorised clients point at this id (known mistake 7).
    const scope = new random.RandomUuid(`${name}-scope`, {}, { ...own, protect: args.protect });
    this.application = new azuread.Application(
      name,
      {
        displayName: args.displayName,
        signInAudience: "AzureADMyOrg",
        owners: [args.deployer],
        tags,
        api: {
          // Has to be 2 before an identifier URI is added: tenant policies let other URIs than the app's own id pass then.
          requestedAccessTokenVersion: 2,
          oauth2PermissionScopes: [
            {
              id: scope.result,
              value: "access_as_user",
              type: "User",
              enabled: true,
              adminConsentDisplayName: "Use the bot as the signed-in user",
              adminConsentDescription: "Lets Teams call the bot on behalf of the signed-in user.",
              userConsentDisplayName: "Use the bot as you",
              userConsentDescription: "Lets Teams call the bot on your behalf.",
            },
          ],
        },
        web: {
          redirectUris: [args.redirectAddress],
          implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
        },
        requiredResourceAccesses: pulumi.output(args.declared).apply(requiredAccesses),
        ...(args.serviceManagementReference ? { serviceManagementReference: args.serviceManagementReference } : {}),
      },
      // The identifier URI is a resource of its own (single sign-on); without this the application would remove it again.
      { ...own, protect: args.protect, ignoreChanges: ["owners", "identifierUris"] },
    );
    this.servicePrincipal = new azuread.ServicePrincipal(
      name,
      { clientId: this.application.clientId, owners: [args.deployer], tags },
      { ...own, protect: args.protect, ignoreChanges: ["owners"], deletedWith: this.application },
    );
    this.credentials = signInCredentials(
      name,
      {
        applicationId: this.application.id,
        tenantId: args.tenantId,
        displayName: "token service",
        passwordsEnd: args.passwordsEnd,
        federated: args.federated,
      },
      { ...own, deletedWith: this.application },
    );

    this.clientId = this.application.clientId;
    this.scopeId = scope.result;
    this.registerOutputs();
  }
}
