import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type AppManagementPolicy, noRestrictions, type Restrictions } from "../entra/tenant-policies";
import { each } from "../members";
import { findApplication } from "./applications";
import { demandOneOf, isAdministrator } from "./caller";
import { answerCollection, answerEntity } from "./collection";
import { found } from "./directory-entities";
import { refusals } from "./errors";
import { noContent, type Graph, type GraphCall, type GraphRoutes } from "./graph-call";
import { checkBody, merge, readBody } from "./request-body";

const reading = ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"];
const writing = ["Policy.ReadWrite.ApplicationConfiguration", "Policy.ReadWrite.Authorization"];

const state = z.enum(["enabled", "disabled"]).default("enabled");
const since = z.iso.datetime({ offset: true }).nullable().default(null);
const password = z.strictObject({
  restrictionType: z.enum(["passwordAddition", "passwordLifetime", "symmetricKeyAddition", "symmetricKeyLifetime"]),
  state,
  maxLifetime: z.string().regex(/^P/).nullable().default(null),
  restrictForAppsCreatedAfterDateTime: since,
});
const key = z.strictObject({
  restrictionType: z.enum(["asymmetricKeyLifetime", "trustedCertificateAuthority"]),
  state,
  maxLifetime: z.string().nullable().default(null),
  restrictForAppsCreatedAfterDateTime: since,
  certificateBasedApplicationConfigurationIds: z.array(z.string()).optional(),
});
const uri = z.strictObject({
  state,
  excludeAppsReceivingV2Tokens: z.boolean().default(false),
  restrictForAppsCreatedAfterDateTime: since,
});
const restrictions = z.strictObject({
  passwordCredentials: z.array(password).optional(),
  keyCredentials: z.array(key).optional(),
  identifierUris: z
    .strictObject({
      nonDefaultUriAddition: uri.optional(),
      uriAdditionWithoutUniqueTenantIdentifier: uri.optional(),
    })
    .nullish(),
});
const defaultChange = z.strictObject({
  isEnabled: z.boolean().optional(),
  applicationRestrictions: restrictions.optional(),
  servicePrincipalRestrictions: restrictions.omit({ identifierUris: true }).optional(),
});
const newPolicy = z.strictObject({
  displayName: z.string(),
  description: z.string().optional(),
  isEnabled: z.boolean().optional(),
  restrictions: restrictions.optional(),
});
const authorizationChange = z.strictObject({
  permissionGrantPolicyIdsAssignedToDefaultUserRole: z.array(z.string()).optional(),
  defaultUserRolePermissions: z
    .strictObject({
      allowedToCreateApps: z.boolean().optional(),
      permissionGrantPoliciesAssigned: z.array(z.string()).optional(),
    })
    .optional(),
});

/**
 * The tenant's policies for applications and consent.
 * https://learn.microsoft.com/graph/api/tenantappmanagementpolicy-get, .../authorizationpolicy-get
 */
export function policyRoutes({ directory }: Graph): GraphRoutes {
  const { policies } = directory;
  const entity = (call: GraphCall, shown: object, context: string): Response =>
    answerEntity(call.url, { ...shown }, { type: context, context: `policies/${context}/$entity` });
  const mayRead = ({ caller }: GraphCall): void => demandOneOf(caller, reading);
  const mayWrite = ({ caller }: GraphCall): void => {
    demandOneOf(caller, writing);
    if (caller.person && !isAdministrator(caller)) throw refusals.privileges();
  };
  const policyOf = (id = ""): AppManagementPolicy => found(policies.own.get(id), id);
  const list = (call: GraphCall, shown: AppManagementPolicy[]): Response =>
    answerCollection(
      call.url,
      shown.map((policy) => ({ ...policy })),
      { type: "appManagementPolicy", context: "policies/appManagementPolicies" },
    );
  const byId = ({ params }: GraphCall): string => findApplication(directory, params["id"] as string).id;
  return {
    "GET /policies/defaultAppManagementPolicy": (call) => {
      mayRead(call);
      return entity(call, policies.default, "defaultAppManagementPolicy");
    },
    "PATCH /policies/defaultAppManagementPolicy": async (call) => {
      mayWrite(call);
      const change = checkBody(defaultChange, await readBody(call.request), "TenantAppManagementPolicy");
      policies.default = merge(policies.default, change);
      return noContent();
    },
    "GET /policies/appManagementPolicies": (call) => {
      mayRead(call);
      return list(call, [...policies.own.values()]);
    },
    "POST /policies/appManagementPolicies": async (call) => {
      mayWrite(call);
      const given = checkBody(newPolicy, await readBody(call.request), "AppManagementPolicy");
      const policy: AppManagementPolicy = {
        id: randomUUID(),
        displayName: given.displayName,
        description: given.description ?? "",
        isEnabled: given.isEnabled ?? false,
        restrictions: merge(noRestrictions(), given.restrictions ?? {}) as Restrictions,
      };
      policies.own.set(policy.id, policy);
      return entity(call, policy, "appManagementPolicies");
    },
    "GET /policies/appManagementPolicies/{policy}": (call) => {
      mayRead(call);
      return entity(call, policyOf(call.params["policy"]), "appManagementPolicies");
    },
    "DELETE /policies/appManagementPolicies/{policy}": (call) => {
      mayWrite(call);
      policies.own.delete(policyOf(call.params["policy"]).id);
      return noContent();
    },
    "GET /applications/{id}/appManagementPolicies": (call) => {
      mayRead(call);
      const own = policies.own.get(policies.assigned.get(byId(call)) ?? "");
      return list(call, own ? [own] : []);
    },
    "POST /applications/{id}/appManagementPolicies/$ref": async (call) => {
      mayWrite(call);
      const { "@odata.id": reference } = await readBody(call.request);
      const id = /\/appManagementPolicies\/([^/?]+)$/i.exec(String(reference))?.[1];
      policies.assigned.set(byId(call), policyOf(id).id);
      return noContent();
    },
    "DELETE /applications/{id}/appManagementPolicies/{policy}/$ref": (call) => {
      mayWrite(call);
      policies.assigned.delete(byId(call));
      return noContent();
    },
    "GET /policies/authorizationPolicy": (call) => {
      mayRead(call);
      const { permissionGrantPoliciesAssigned, allowedToCreateApps } = policies.authorization;
      return entity(
        call,
        {
          id: "authorizationPolicy",
          displayName: "Authorization Policy",
          description: "Used to manage authorization related settings across the company.",
          allowInvitesFrom: "everyone",
          ...each(true, "allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR"),
          blockMsolPowerShell: false,
          guestUserRoleId: "10dae51f-b6af-4016-8d66-8c2a99b929b3",
          defaultUserRolePermissions: {
            allowedToCreateApps,
            ...each(true, "allowedToCreateSecurityGroups allowedToCreateTenants allowedToReadOtherUsers"),
            allowedToReadBitlockerKeysForOwnedDevice: true,
            permissionGrantPoliciesAssigned,
          },
        },
        "authorizationPolicy",
      );
    },
    "PATCH /policies/authorizationPolicy": async (call) => {
      mayWrite(call);
      const { defaultUserRolePermissions, permissionGrantPolicyIdsAssignedToDefaultUserRole: older } = checkBody(
        authorizationChange,
        await readBody(call.request),
        "AuthorizationPolicy",
      );
      policies.authorization = merge(policies.authorization, {
        ...defaultUserRolePermissions,
        ...(older ? { permissionGrantPoliciesAssigned: older } : {}),
      });
      return noContent();
    },
  };
}
