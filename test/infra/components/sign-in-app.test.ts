import * as pulumi from "@pulumi/pulumi";
import { AdminConsent } from "../../../infra/components/admin-consent";
import { SignInApp, type SignInAppArgs } from "../../../infra/components/sign-in-app";
import { SingleSignOn } from "../../../infra/components/single-sign-on";
import type { DeclaredAccess } from "../../../infra/connections/apis";
import { tokenStoreProof } from "../../../infra/facts/federated-subject";
import { deployerId, guid, secretValues, tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

// The application through which users sign in, and the two components that add to it.

const graph = "00000003-0000-0000-c000-000000000000";
const access: DeclaredAccess = {
  resourceAppId: graph,
  objectId: "graph-principal",
  displayName: "Microsoft Graph",
  permissions: [
    { value: "openid", id: "37f7f235-527c-4136-accd-4a02d197296e", consent: "user" },
    { value: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", consent: "user" },
  ],
};
const args: SignInAppArgs = {
  displayName: "Shop bot (dev)",
  deployer: deployerId,
  redirectAddress: "https://token.botframework.com/.auth/web/redirect",
  declared: [access],
  tenantId,
  passwordsEnd: ["2027-05-21T03:04:05Z", "2027-01-01T00:00:00Z"],
  federated: false,
  protect: false,
  tags: { project: "shop", stack: "dev" },
};

test("users come back to the Token Service alone, with the permissions of the connections alone", async () => {
  const made = await madeBy(() => new SignInApp("sign-in", args));
  expect(namesOf(made)).toEqual([
    "Application sign-in",
    "ApplicationPassword sign-in",
    "ApplicationPassword sign-in-2",
    "RandomUuid sign-in-scope",
    "ServicePrincipal sign-in",
  ]);
  const application = oneOf(made, "Application");
  expect(application).toMatchObject({
    displayName: "Shop bot (dev)",
    signInAudience: "AzureADMyOrg",
    owners: [deployerId],
    web: {
      redirectUris: ["https://token.botframework.com/.auth/web/redirect"],
      implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    },
    requiredResourceAccesses: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          { id: "37f7f235-527c-4136-accd-4a02d197296e", type: "Scope" },
          { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" },
        ],
      },
    ],
  });
  expect((application["api"] as { oauth2PermissionScopes: unknown[] }).oauth2PermissionScopes).toMatchObject([
    { id: guid("sign-in-scope"), value: "access_as_user", type: "User", enabled: true },
  ]);
});

test("its passwords leave the component as secrets", async () => {
  let app: SignInApp | undefined;
  await madeBy(() => (app = new SignInApp("sign-in", args)));
  expect(await valueOf(app!.credentials.passwords![0])).toBe(secretValues.signInPassword);
  for (const password of app!.credentials.passwords!) expect(await pulumi.isSecret(password)).toBe(true);
});

test("without a secret, the Token Store of this tenant and no other may act as the application", async () => {
  let app: SignInApp | undefined;
  const made = await madeBy(
    () => (app = new SignInApp("sign-in", { ...args, passwordsEnd: undefined, federated: true })),
  );
  const tail = guid("sign-in-token-store");
  expect(oneOf(made, "ApplicationFederatedIdentityCredential")).toEqual({
    applicationId: `/applications/${guid("sign-in object")}`,
    displayName: "token-service",
    description: "The Bot Framework's Token Store, in place of a client secret",
    audiences: ["api://AzureADTokenExchange"],
    ...tokenStoreProof(tenantId, tail),
  });
  expect(namesOf(made).filter((name) => name.startsWith("ApplicationPassword"))).toEqual([]);
  expect(await valueOf(app!.credentials.uniqueIdentifier!)).toBe(tail);
  expect(app!.credentials.passwords).toBeUndefined();
});

test("single sign-on names the application after the bot and lets both Teams clients in", async () => {
  let singleSignOn: SingleSignOn | undefined;
  const made = await madeBy(() => {
    const signInApp = new SignInApp("sign-in", args);
    singleSignOn = new SingleSignOn("single-sign-on", { signInApp, botAppId: "b07" });
  });
  const applicationId = `/applications/${guid("sign-in object")}`;
  expect(oneOf(made, "ApplicationIdentifierUri")).toEqual({ applicationId, identifierUri: "api://botid-b07" });
  const clients = made.filter(({ type }) => type.endsWith(":ApplicationPreAuthorized"));
  expect(clients.map(({ inputs }) => inputs["authorizedClientId"]).sort()).toEqual([
    "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
  ]);
  for (const { inputs } of clients)
    expect(inputs).toMatchObject({ applicationId, permissionIds: [guid("sign-in-scope")] });
  expect(await valueOf(singleSignOn!.tokenExchangeUrl)).toBe("api://botid-b07");
});

test("an administrator's consent covers what the connections ask for, of each API that they ask", async () => {
  const orders = {
    ...access,
    resourceAppId: "orders",
    objectId: "orders-principal",
    permissions: [{ value: "Orders.Read", id: guid("orders"), consent: "user" as const }],
  };
  const made = await madeBy(() => {
    const signInApp = new SignInApp("sign-in", args);
    new AdminConsent("admin-consent", { signInApp, apis: [graph, "orders"], declared: { [graph]: access, orders } });
  });
  expect(oneOf(made, "ServicePrincipalDelegatedPermissionGrant", `admin-consent-${graph}`)).toEqual({
    servicePrincipalObjectId: guid("sign-in principal"),
    resourceServicePrincipalObjectId: "graph-principal",
    claimValues: ["openid", "User.Read"],
  });
  expect(oneOf(made, "ServicePrincipalDelegatedPermissionGrant", "admin-consent-orders")).toEqual({
    servicePrincipalObjectId: guid("sign-in principal"),
    resourceServicePrincipalObjectId: "orders-principal",
    claimValues: ["Orders.Read"],
  });
});

test("a consent keeps its name wherever its API stands among the connections: Entra takes no second grant beside the first", async () => {
  const ofOrders = { ...access, objectId: "orders-principal" };
  const ofGraph = async (apis: readonly string[]): Promise<string[]> => {
    const made = await madeBy(() => {
      const signInApp = new SignInApp("sign-in", args);
      new AdminConsent("admin-consent", { signInApp, apis, declared: { [graph]: access, orders: ofOrders } });
    });
    const grants = made.filter((one) => one.inputs["resourceServicePrincipalObjectId"] === "graph-principal");
    return grants.map(({ name }) => name);
  };
  expect(await ofGraph(["orders", graph])).toEqual(await ofGraph([graph]));
});
