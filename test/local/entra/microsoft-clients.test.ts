import { ConfidentialClientApplication, type INetworkModule, type NetworkRequestOptions } from "@azure/msal-node";
import { Browser } from "./browser";
import { localEntra, registerApp, type LocalEntra } from "./local-entra";

const redirectUri = "https://token.botframework.com/.auth/web/redirect";
const graph = "https://graph.microsoft.com/.default";

/** MSAL's own way to the network, led to the local Entra; keeps what was asked. */
function network(entra: LocalEntra, asked: string[]): INetworkModule {
  const send = async <T>(
    method: string,
    url: string,
    options: NetworkRequestOptions = {},
  ): ReturnType<INetworkModule["sendGetRequestAsync"]> => {
    asked.push(`${method} ${new URL(url).pathname}`);
    const response = await entra.handle(
      new Request(url, { method, headers: options.headers ?? {}, ...(options.body && { body: options.body }) }),
    );
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as T,
    } as never;
  };
  return {
    sendGetRequestAsync: (url, options) => send("GET", url, options) as never,
    sendPostRequestAsync: (url, options) => send("POST", url, options) as never,
  };
}

function msal(
  entra: LocalEntra,
  clientId: string,
  clientSecret: string,
  asked: string[] = [],
): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret, authority: entra.authority },
    system: { networkClient: network(entra, asked) },
  });
}

test("MSAL gets the bot its own token by one request, as the Agents SDK has it do", async () => {
  const entra = localEntra();
  const { application, secret } = registerApp(entra, "bot");
  const asked: string[] = [];
  const client = msal(entra, application.appId, secret, asked);
  const result = await client.acquireTokenByClientCredential({ scopes: ["https://api.botframework.com/.default"] });
  expect(result?.accessToken).toMatch(/^ey/);
  expect(asked).toEqual([`POST /${entra.azure.tenant.tenantId}/oauth2/v2.0/token`]);
});

test("MSAL shows a person the refusal's own text", async () => {
  const entra = localEntra();
  const { application } = registerApp(entra, "bot");
  const client = msal(entra, application.appId, "wrong");
  await expect(client.acquireTokenByClientCredential({ scopes: [graph] })).rejects.toMatchObject({
    errorCode: "invalid_client",
    errorMessage: expect.stringContaining("AADSTS7000215: Invalid client secret provided."),
  });
});

test("MSAL signs a person in by code and PKCE, knows who it was, and refreshes silently", async () => {
  const entra = localEntra();
  const { application, secret } = registerApp(entra, "web app", {
    web: { redirectUris: [redirectUri], homePageUrl: null, logoutUrl: null },
  });
  const client = msal(entra, application.appId, secret);
  const scopes = ["User.Read", "Mail.Send"];
  const address = await client.getAuthCodeUrl({ scopes, redirectUri, nonce: "n", state: "s" });
  const browser = new Browser(entra);
  const consent = await browser.press(await browser.open(address), "Sign in", {
    account: "kim@contoso.example",
    password: "local-password",
  });
  const back = await browser.press(consent, "Accept");
  const code = back.location?.searchParams.get("code") ?? "";
  const result = await client.acquireTokenByCode({ code, scopes, redirectUri }, { code, nonce: "n" });
  expect(result.account).toMatchObject({
    username: "kim@contoso.example",
    name: "Kim Tanaka",
    tenantId: entra.azure.tenant.tenantId,
    homeAccountId: `${entra.azure.tenant.people[2]?.objectId}.${entra.azure.tenant.tenantId}`,
  });
  const again = await client.acquireTokenSilent({ account: result.account as never, scopes, forceRefresh: true });
  expect(again?.accessToken).not.toBe(result.accessToken);
});
