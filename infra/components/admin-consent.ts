import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { adminConsentAddress, microsoftGraph, scopesForAdministrator } from "../decisions/permissions";
import type { SignInApp } from "./sign-in-app";

export interface AdminConsentArgs {
  readonly signInApp: SignInApp;
  readonly scopes: readonly string[];
}

/** An administrator's consent for everyone in the tenant. Made only where the settings ask for it: most deployers may not give it. */
export class AdminConsent extends pulumi.ComponentResource {
  constructor(name: string, args: AdminConsentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:AdminConsent", name, {}, opts);

    const graph = new azuread.ServicePrincipal(
      `${name}-graph`,
      { clientId: microsoftGraph, useExisting: true },
      // The tenant's own principal of Microsoft Graph: it was there before and stays.
      { parent: this, retainOnDelete: true },
    );
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      name,
      {
        servicePrincipalObjectId: args.signInApp.servicePrincipal.objectId,
        resourceServicePrincipalObjectId: graph.objectId,
        claimValues: [...args.scopes],
      },
      { parent: this, deletedWith: args.signInApp.servicePrincipal },
    );
    this.registerOutputs();
  }
}

/**
 * Warns where users would meet "Need admin approval": a scope needs an administrator, and the settings do not ask the
 * program for the consent. Says where an administrator can give it.
 */
export function warnOfMissingConsent(
  signInApp: pulumi.Resource & Pick<SignInApp, "clientId">,
  scopes: readonly string[],
  tenantId: pulumi.Input<string>,
): void {
  const forAdministrator = scopesForAdministrator(scopes);
  if (forAdministrator.length === 0) return;
  const warn = (where: string): Promise<void> =>
    pulumi.log.warn(
      `Under Microsoft's default policy users cannot consent to ${forAdministrator.join(", ")} and would meet ` +
        `"Need admin approval". Before the first sign-in an administrator consents ${where}, or set it here: ` +
        "pulumi config set adminConsent true (the deployer then needs the right to grant it).",
      signInApp,
    );
  // In a preview the application may not exist yet, so there is no address to print.
  if (pulumi.runtime.isDryRun()) void warn("(pulumi up prints the address)");
  else
    pulumi
      .all([tenantId, signInApp.clientId])
      .apply(([tenant, clientId]) => warn(`at ${adminConsentAddress(tenant, clientId)}`));
}
