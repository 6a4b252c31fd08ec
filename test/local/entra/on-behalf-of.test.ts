import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { graphAppId } from "../../../local/azure/entra/graph-permissions";
import { Browser } from "./browser";
import { localEntra, post, registerApp } from "./local-entra";

const scopeId = randomUUID();
const teams = "https://teams.example/auth";

/** A sign-in app with an exposed scope, a client that is allowed it in advance, and Sam's token for it. */
async function singleSignOn(): Promise<{
  entra: ReturnType<typeof localEntra>;
  app: ReturnType<typeof registerApp>;
  token: string;
}> {
  const entra = localEntra();
  const app = registerApp(entra, "bot sign-in");
  const client = registerApp(entra, "chat client", {
    web: { redirectUris: [teams], homePageUrl: null, logoutUrl: null },
  });
  app.application.identifierUris = ["api://botid-1"];
  app.application.api = {
    ...app.application.api,
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [{ id: scopeId, value: "access_as_user", type: "User", isEnabled: true }],
    preAuthorizedApplications: [{ appId: client.application.appId, delegatedPermissionIds: [scopeId] }],
  };
  const query = new URLSearchParams({
    client_id: client.application.appId,
    response_type: "code",
    redirect_uri: teams,
    scope: "api://botid-1/access_as_user",
  });
  const browser = new Browser(entra);
  const signIn = await browser.open(`${entra.authority}/oauth2/v2.0/authorize?${query}`);
  const back = await browser.press(signIn, "Sign in", { account: "sam@contoso.example", password: "local-password" });
  const { body } = await post(entra, entra.tokenAddress, {
    grant_type: "authorization_code",
    client_id: client.application.appId,
    client_secret: client.secret,
    redirect_uri: teams,
    code: back.location?.searchParams.get("code") ?? "",
  });
  return { entra, app, token: body["access_token"] as string };
}

test("a client that is allowed in advance gets a v2 token for the exposed scope, without a consent page", async () => {
  const { app, token, entra } = await singleSignOn();
  expect(decodeJwt(token)).toMatchObject({
    aud: app.application.appId,
    iss: `https://login.microsoftonline.com/${entra.azure.tenant.tenantId}/v2.0`,
    scp: "access_as_user",
    ver: "2.0",
    preferred_username: "sam@contoso.example",
  });
});

test("that token is exchanged for one of Graph's once there is consent, and not before", async () => {
  const { entra, app, token } = await singleSignOn();
  const exchange = (assertion: string): ReturnType<typeof post> =>
    post(entra, entra.tokenAddress, {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      requested_token_use: "on_behalf_of",
      client_id: app.application.appId,
      client_secret: app.secret,
      assertion,
      scope: "https://graph.microsoft.com/Mail.Read offline_access",
    });
  const early = await exchange(token);
  expect([early.status, early.body["error"], early.body["error_codes"]]).toEqual([400, "invalid_grant", [65001]]);
  const [client, graph] = [app.application.appId, graphAppId].map(
    (appId) => entra.directory.servicePrincipalByAppId(appId)?.id as string,
  );
  entra.directory.grant(client as string, graph as string, ["Mail.Read"]);
  const { status, body } = await exchange(token);
  expect([status, body["scope"], typeof body["refresh_token"]]).toEqual([
    200,
    "https://graph.microsoft.com/Mail.Read",
    "string",
  ]);
  expect(decodeJwt(body["access_token"] as string)).toMatchObject({
    aud: "https://graph.microsoft.com",
    upn: "sam@contoso.example",
    appid: app.application.appId,
    scp: "Mail.Read",
  });
  const foreign = await exchange(body["access_token"] as string);
  const { appId, displayName } = app.application;
  expect(String(foreign.body["error_description"]).split(" Trace ID")[0]).toBe(
    "AADSTS500131: Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was " +
      `'https://graph.microsoft.com' and the expected audience is '${appId}' or one of the Application Uris of this application ` +
      `with App ID '${appId}'(${displayName}). The downstream client must request a token for the expected audience (the ` +
      "application that made the OBO request) and this application should use that token as the assertion.",
  );
  entra.azure.clock.advance(2 * 3600_000);
  expect((await exchange(token)).body["error_codes"]).toEqual([500133]);
});
