import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { entraConnections } from "../../infra/azure/bot-connections";
import { botId } from "../../infra/azure/bot-service";
import { graphList, withClientId } from "../../infra/azure/graph";
import { adminConsentAddress } from "../../infra/facts/permissions";
import type { StackSettings } from "../pulumi/stack-settings";
import { botAddressOfStack } from "../azure/stack-bot";
import { isForbidden, unlessRefused } from "../azure/unless-refused";

/** A sign-in application of a stack, and what of its permissions an administrator has not consented to for everyone. */
export interface Consent {
  readonly clientId: string;
  /** Where an administrator consents. */
  readonly address: string;
  /** `Microsoft Graph Mail.Read`; empty where all of it is given, undefined where that is not known. */
  readonly missing: readonly string[] | undefined;
  /** Why it is not known. */
  readonly unknown?: string;
}

/** What an application has registered that it wants (`requiredResourceAccess`). */
export interface Wanted {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
}

/** An API, and the delegated permissions that it offers. */
export interface Api {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly oauth2PermissionScopes: readonly { readonly id: string; readonly value: string }[];
}

/** What was consented to. https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant */
export interface Grant {
  readonly consentType: string;
  readonly resourceId: string;
  readonly scope: string;
}

/** The delegated permissions that an application wants and nobody has consented to for everyone. */
export function missingConsent(wanted: readonly Wanted[], apis: readonly Api[], grants: readonly Grant[]): string[] {
  return wanted.flatMap(({ resourceAppId, resourceAccess }) => {
    const api = apis.find(({ appId }) => appId === resourceAppId);
    const given = grants
      .filter(({ consentType, resourceId }) => consentType === "AllPrincipals" && resourceId === api?.id)
      .flatMap(({ scope }) => scope.split(" "));
    return resourceAccess
      .filter(({ type }) => type === "Scope")
      .map(({ id }) => api?.oauth2PermissionScopes.find((one) => one.id === id)?.value ?? id)
      .filter((value) => !given.includes(value))
      .map((value) => `${api?.displayName ?? resourceAppId} ${value}`);
  });
}

/**
 * Looks at the sign-in applications of a deployed stack; changes nothing.
 * Throws an OpsError where nothing is deployed, and an AzureCallError where Azure may not be read.
 */
export async function consentsOf(access: Access, settings: StackSettings, stack: string): Promise<Consent[]> {
  const bot = botId(await botAddressOfStack(access, settings, stack));
  return Promise.all(
    (await signInApps(access, bot)).map(async ({ clientId, tenantId }) => ({
      clientId,
      address: adminConsentAddress(tenantId ?? settings.tenantId, clientId),
      // The grants want DelegatedPermissionGrant.Read.All or Directory.Read.All, which whoever deploys need not hold.
      ...((await unlessRefused(missingOf(access, clientId), isForbidden)) ?? { missing: undefined, unknown: notTold }),
    })),
  );
}

const notTold =
  "whether it was given Entra does not tell: that takes Microsoft Graph's DelegatedPermissionGrant.Read.All";

/** The applications by which a bot's connections to Entra sign people in, each once. */
async function signInApps(access: Access, bot: string): Promise<{ clientId: string; tenantId: string | undefined }[]> {
  const connections = await entraConnections(armClient(access), bot);
  const apps = connections.map(({ clientId, parameters }) => ({ clientId, tenantId: parameters.get("tenantid") }));
  return apps.filter(({ clientId }, at) => apps.findIndex((one) => one.clientId === clientId) === at);
}

async function missingOf(access: Access, clientId: string): Promise<Pick<Consent, "missing" | "unknown">> {
  const [[application], [own]] = await Promise.all([
    withClientId<{ requiredResourceAccess?: readonly Wanted[] }>(access, "applications", clientId),
    withClientId<{ id: string }>(access, "servicePrincipals", clientId),
  ]);
  if (!application) {
    const unknown = `what ${clientId} wants is not known: the tenant has no such application, which is another tenant's or was deleted`;
    return { missing: undefined, unknown };
  }
  const wanted = application.requiredResourceAccess ?? [];
  const [apis, grants] = await Promise.all([
    Promise.all(wanted.map(({ resourceAppId }) => withClientId<Api>(access, "servicePrincipals", resourceAppId))),
    // https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
    own ? graphList<Grant>(access, `/servicePrincipals/${own.id}/oauth2PermissionGrants`) : [],
  ]);
  return { missing: missingConsent(wanted, apis.flat(), grants) };
}
