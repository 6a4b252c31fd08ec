import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { type DeclaredAccess, forAdministrator } from "../connections/apis";
import { adminConsentAddress } from "../facts/permissions";
import type { SignInApp } from "./sign-in-app";

export interface AdminConsentArgs {
  readonly signInApp: SignInApp;
  /** The APIs to consent to, as scopes name them: they decide how many consents are made. */
  readonly apis: readonly string[];
  /** What is declared of them, by the same names. */
  readonly declared: pulumi.Input<Readonly<Record<string, DeclaredAccess>>>;
}

/** An administrator's consent for everyone in the tenant. Made only where the settings ask for it: most deployers may not give it. */
export class AdminConsent extends pulumi.ComponentResource {
  constructor(name: string, args: AdminConsentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:AdminConsent", name, {}, opts);
    const { servicePrincipal } = args.signInApp;
    for (const [at, api] of args.apis.entries()) {
      const access = pulumi.output(args.declared).apply((declared) => declared[api]);
      new azuread.ServicePrincipalDelegatedPermissionGrant(
        `${name}-${api}`,
        {
          servicePrincipalObjectId: servicePrincipal.objectId,
          resourceServicePrincipalObjectId: access.apply((one) => {
            if (one?.objectId !== undefined) return one.objectId;
            throw new pulumi.RunError(
              `adminConsent: Entra did not let the deployer read the service principal of ${api}. Whoever may consent for ` +
                "everyone may read it too (Application.Read.All); take the setting back, or give that right.",
            );
          }),
          claimValues: access.apply((one) => (one?.permissions ?? []).map(({ value }) => value)),
        },
        // Called after its API and not after its place, by which it was called before: Entra takes one grant for an API, and an API
        // that gets another place would be granted a second time before the first is taken back.
        {
          parent: this,
          deletedWith: servicePrincipal,
          aliases: [{ name: at === 0 ? name : `${name}-${at + 1}` }],
        },
      );
    }
    this.registerOutputs();
  }
}

/**
 * Warns where users would meet "Need admin approval": a scope needs an administrator, and the settings do not ask the
 * program for the consent. Says where an administrator can give it.
 */
export function warnOfMissingConsent(
  signInApp: pulumi.Resource & Pick<SignInApp, "clientId">,
  declared: pulumi.Output<readonly DeclaredAccess[]>,
  tenantId: pulumi.Input<string>,
): void {
  const warn = (scopes: readonly string[], where: string): Promise<void> =>
    pulumi.log.warn(
      `Under Microsoft's default policy users cannot consent to ${scopes.join(", ")} and would meet ` +
        `"Need admin approval". Before the first sign-in an administrator consents ${where}, or set it here: ` +
        "pulumi config set adminConsent true (the deployer then needs the right to grant it).",
      signInApp,
    );
  declared.apply((accesses) => {
    const scopes = forAdministrator(accesses);
    if (scopes.length === 0) return;
    // In a preview the application may not exist yet, so there is no address to print.
    if (pulumi.runtime.isDryRun()) void warn(scopes, "(pulumi up prints the address)");
    else
      pulumi
        .all([tenantId, signInApp.clientId])
        .apply(([tenant, clientId]) => warn(scopes, `at ${adminConsentAddress(tenant, clientId)}`));
  });
}
