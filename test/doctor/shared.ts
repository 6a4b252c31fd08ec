import { declaredUnasked, permissionTexts } from "../../infra/connections/apis";
import { microsoftGraph } from "../../infra/facts/scopes";
import type { LocalAzure } from "../../local/azure/azure";
import { Portal } from "../engine/support/portal";

const scopes = ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"];

/** Makes what a team shares, by hand, and gives the setting that hands it in. */
export async function makeShared(azure: LocalAzure): Promise<Record<string, unknown>> {
  const portal = new Portal(azure);
  const group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/shared`;
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/shared-vault`;
  const plan = `${group}/providers/Microsoft.Web/serverfarms/shared-plan`;
  const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/shared-logs`;
  const located = { location: "westeurope", tags: { owner: "somebody" } };
  await portal.arm("PUT", group, located);
  await portal.arm("PUT", vault, {
    ...located,
    properties: {
      tenantId: azure.tenant.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  });
  const sku = { name: "B1", tier: "Basic", capacity: 1 };
  await portal.arm("PUT", plan, { ...located, kind: "linux", sku, properties: { reserved: true } });
  await portal.arm("PUT", workspace, { ...located, properties: { sku: { name: "PerGB2018" } } });
  const permissions = Object.values(permissionTexts(declaredUnasked([{ name: "Graph", scopes }])));
  const { appId } = await portal.graph<{ appId: string }>("POST", "/applications", {
    displayName: "Shared sign-in",
    web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
    requiredResourceAccess: [
      { resourceAppId: microsoftGraph, resourceAccess: permissions.map((id) => ({ id, type: "Scope" })) },
    ],
  });
  await portal.graph("POST", "/servicePrincipals", { appId });
  return { existing: { resourceGroup: "shared", vault, plan, workspace, signInApp: appId } };
}
