import { zipSync, strToU8 } from "fflate";
import { deployerToken } from "../support/deployer-token";
import { type Hand, microsoftGraph } from "./hand";

/** Delegated permissions of Microsoft Graph. */
const userRead = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const openid = "37f7f235-527c-4136-accd-4a02d197296e";
const offlineAccess = "7427e0e9-2fba-42fe-b0c0-848c9e6a8182";

/** A bot that refuses who shows no token. */
const code = `
require("node:http").createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(request.method === "POST" ? 401 : 200).end());
}).listen(process.env.PORT, () => console.log("listening"));
`;

/**
 * Makes a bot as Microsoft's tutorial has it made with az, by the calls that az makes: an application with a secret, a web app
 * with an identity of its own, a vault of another team with access policies, a bot that Web Chat alone reaches, a connection.
 * https://learn.microsoft.com/azure/bot-service/provision-and-publish-a-bot
 * @returns the bot's resource id
 */
export async function makeByHand(hand: Hand): Promise<string> {
  const { portal, azure } = hand;
  const { subscriptionId, tenantId, deployer } = azure.tenant;
  const location = "westeurope";
  const groups = ["bots", "vaults"].map((name) => `/subscriptions/${subscriptionId}/resourceGroups/${name}`);
  const [bots, vaults] = groups as [string, string];
  for (const group of groups) await portal.arm("PUT", group, { location });

  const register = async (body: object): Promise<{ id: string; appId: string; secret: string }> => {
    const made = await portal.graph<{ id: string; appId: string }>("POST", "/applications", body);
    await portal.graph("POST", "/servicePrincipals", { appId: made.appId });
    const { secretText } = await portal.graph<{ secretText: string }>("POST", `/applications/${made.id}/addPassword`, {
      passwordCredential: { displayName: "rbac" },
    });
    return { ...made, secret: secretText };
  };
  const bot = await register({ displayName: "Helpdesk", signInAudience: "AzureADMyOrg" });
  const signIn = await register({
    displayName: "Helpdesk sign-in",
    signInAudience: "AzureADMyOrg",
    web: { redirectUris: ["https://token.botframework.com/.auth/web/redirect"] },
    requiredResourceAccess: [
      {
        resourceAppId: microsoftGraph,
        resourceAccess: [userRead, openid, offlineAccess].map((id) => ({ id, type: "Scope" })),
      },
    ],
  });
  await hand.consent(signIn.appId, "openid offline_access User.Read");

  const plan = `${bots}/providers/Microsoft.Web/serverfarms/helpdesk-plan`;
  const sku = { name: "B1", tier: "BASIC", capacity: 1 };
  await portal.arm("PUT", plan, { location, kind: "linux", sku, properties: { reserved: true } });
  const webApp = `${bots}/providers/Microsoft.Web/sites/contoso-helpdesk`;
  const siteConfig = {
    linuxFxVersion: "NODE|24-lts",
    alwaysOn: true,
    minTlsVersion: "1.2",
    appCommandLine: "node index.js",
  };
  type Site = { identity: { principalId: string }; properties: { defaultHostName: string } };
  const site = await portal.arm<Site>("PUT", webApp, {
    location,
    kind: "app,linux",
    identity: { type: "SystemAssigned" },
    properties: { serverFarmId: plan, reserved: true, httpsOnly: true, siteConfig },
  });
  const vault = `${vaults}/providers/Microsoft.KeyVault/vaults/contoso-team-vault`;
  const policy = (objectId: string): object => ({
    tenantId,
    objectId,
    permissions: { secrets: ["get", "list", "set"] },
  });
  await portal.arm("PUT", vault, {
    location,
    properties: {
      tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: false,
      accessPolicies: [policy(deployer.objectId), policy(site.identity.principalId)],
    },
  });
  const secret = await hand.writeSecret("helpdesk-password", bot.secret);
  await portal.arm("PUT", `${webApp}/config/appsettings`, {
    properties: {
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppId: bot.appId,
      MicrosoftAppTenantId: tenantId,
      MicrosoftAppPassword: `@Microsoft.KeyVault(SecretUri=${secret})`,
      ConnectionName: "Graph",
    },
  });
  await push(hand, site.properties.defaultHostName.replace(".azurewebsites.net", ".scm.azurewebsites.net"));

  const id = `${bots}/providers/Microsoft.BotService/botServices/contoso-helpdesk`;
  await portal.arm("PUT", id, {
    location: "global",
    kind: "azurebot",
    sku: { name: "F0" },
    properties: {
      displayName: "Helpdesk",
      msaAppId: bot.appId,
      msaAppType: "SingleTenant",
      msaAppTenantId: tenantId,
      endpoint: `https://${site.properties.defaultHostName}/api/messages`,
    },
  });
  await portal.arm("DELETE", `${id}/channels/DirectLineChannel`);
  await portal.arm("PUT", `${id}/connections/Graph`, {
    location: "global",
    properties: {
      clientId: signIn.appId,
      clientSecret: signIn.secret,
      scopes: "openid offline_access User.Read",
      serviceProviderId: "30dd229c-58e3-4a48-bdfd-91ec48eb906c",
      parameters: [{ key: "tenantID", value: tenantId }],
    },
  });
  return id;
}

/** `az webapp deploy` */
async function push({ azure }: Hand, host: string): Promise<void> {
  const token = await deployerToken(azure, "https://appservice.azure.com", "portal");
  const answer = await azure.call("portal", `https://${host}/api/publish?type=zip`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
    body: Buffer.from(zipSync({ "index.js": strToU8(code) })),
  });
  if (!answer.ok) throw new Error(`the push was answered ${answer.status} ${await answer.text()}`);
}
