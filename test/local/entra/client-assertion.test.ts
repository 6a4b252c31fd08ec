import "reflect-metadata";
import { createHash, generateKeyPairSync, randomUUID, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { decodeJwt, exportJWK, SignJWT } from "jose";
import type { Azure } from "../../../local/azure/service";
import { localEntra, post, registerApp, type LocalEntra } from "./local-entra";

const audience = "api://AzureADTokenExchange";

const ask = (entra: LocalEntra, clientId: string, assertion: string): ReturnType<typeof post> =>
  post(entra, entra.tokenAddress, {
    grant_type: "client_credentials",
    client_id: clientId,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: "https://api.botframework.com/.default",
  });

const trust = (entra: LocalEntra, application: { id: string }, issuer: string, subject: string): void => {
  const credential = { id: randomUUID(), name: "one", issuer, subject, audiences: [audience], description: null };
  entra.directory.federatedIdentityCredentials.set(application.id, [credential]);
};

test("a managed identity stands in for the bot's secret, if the application trusts exactly it", async () => {
  const entra = localEntra();
  const { application } = registerApp(entra, "bot");
  const identity = entra.directory.addManagedIdentity("bot-identity", "/subscriptions/x");
  const assertion = (await entra.directory.managedIdentityToken(identity.clientId, audience))?.accessToken as string;
  const issuer = `https://login.microsoftonline.com/${entra.azure.tenant.tenantId}/v2.0`;
  expect((await ask(entra, application.appId, assertion)).body["error_codes"]).toEqual([70025]);
  trust(entra, application, issuer, identity.clientId);
  expect((await ask(entra, application.appId, assertion)).body["error_codes"]).toEqual([700213]);
  trust(entra, application, issuer, identity.principalId);
  expect((await ask(entra, application.appId, assertion)).status).toBe(200);
  entra.azure.clock.advance(25 * 3600_000);
  expect((await ask(entra, application.appId, assertion)).body["error_codes"]).toEqual([700024]);
});

test("an identity is let in by what it trusts alone: no secret stands in for that", async () => {
  const entra = localEntra();
  const { directory } = entra;
  const pipeline = directory.addManagedIdentity("pipeline", "/subscriptions/x");
  const other = directory.addManagedIdentity("other", "/subscriptions/y");
  const assertion = (await directory.managedIdentityToken(other.clientId, audience))?.accessToken as string;
  expect((await ask(entra, pipeline.clientId, assertion)).body["error_codes"]).toEqual([70025]);
  const issuer = `https://login.microsoftonline.com/${entra.azure.tenant.tenantId}/v2.0`;
  directory.setIdentityTrust?.(pipeline.principalId, [
    { id: "1", name: "one", issuer, subject: other.principalId, audiences: [audience], description: null },
  ]);
  const { status, body } = await ask(entra, pipeline.clientId, assertion);
  expect(status).toBe(200);
  expect(decodeJwt(body["access_token"] as string)).toMatchObject({
    appid: pipeline.clientId,
    oid: pipeline.principalId,
  });
  const bySecret = await post(entra, entra.tokenAddress, {
    grant_type: "client_credentials",
    client_id: pipeline.clientId,
    client_secret: "any",
    scope: "https://api.botframework.com/.default",
  });
  expect(bySecret.body["error_codes"]).toEqual([700016]);
});

test("another issuer's token is checked by the keys that its metadata names", async () => {
  const entra = localEntra();
  const issuer = "https://ci.example";
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const documents: Record<string, unknown> = {
    [`${issuer}/.well-known/openid-configuration`]: { jwks_uri: `${issuer}/keys` },
    [`${issuer}/keys`]: { keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }] },
  };
  const call: Azure["call"] = async (_, url) => Response.json(documents[url]);
  Object.assign(entra.azure, { call });
  const { application } = registerApp(entra, "deployer of ci");
  trust(entra, application, issuer, "repo:contoso/bot");
  const sign = (key: typeof privateKey): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setSubject("repo:contoso/bot")
      .setAudience(audience)
      .setExpirationTime("5m")
      .sign(key);
  expect((await ask(entra, application.appId, await sign(privateKey))).status).toBe(200);
  const forger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  expect((await ask(entra, application.appId, await sign(forger))).body["error_codes"]).toEqual([700027]);
});

test("a job's token is refused with the number and the words that say which part of it the application does not trust", async () => {
  const entra = localEntra();
  const { application } = registerApp(entra, "deploys prod");
  const gitHub = "https://token.actions.githubusercontent.com";
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const said = async (claims: { issuer?: string; subject?: string; audience?: string }): Promise<unknown[]> => {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(claims.issuer ?? gitHub)
      .setSubject(claims.subject ?? "repo:contoso/mail-bot:environment:prod")
      .setAudience(claims.audience ?? audience)
      .setExpirationTime("5m")
      .sign(privateKey);
    const { status, body } = await ask(entra, application.appId, token);
    return [status, body["error"], String(body["error_description"]).split(/ Check your|\.? Trace ID/)[0]];
  };
  const refused = (number: number, text: string): unknown[] => [401, "invalid_client", `AADSTS${number}: ${text}`];
  const none = "No matching federated identity record found for presented assertion";
  expect(await said({})).toEqual(
    refused(70025, "The client 'deploys prod' has no configured federated identity credentials"),
  );
  trust(entra, application, gitHub, "repo:contoso/mail-bot:environment:prod");
  const renamed = "repo:contoso@9919/mail-bot@1296269:environment:prod";
  expect(await said({ subject: renamed })).toEqual(refused(700213, `${none} subject '${renamed}'.`));
  const otherCase = "repo:Contoso/mail-bot:environment:prod";
  expect(await said({ subject: otherCase })).toEqual(
    refused(
      7002138,
      `${none} subject '${otherCase}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.`,
    ),
  );
  expect(await said({ issuer: "https://ci.example" })).toEqual(refused(700211, `${none} issuer 'https://ci.example'.`));
  expect(await said({ audience: "api://other" })).toEqual(refused(700212, `${none} audience 'api://other'.`));
});

test("an application's own certificate stands in for its secret", async () => {
  const entra = localEntra();
  const { application } = registerApp(entra, "bot");
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  x509.cryptoProvider.set(crypto);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=bot",
    keys,
    notBefore: new Date(0),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
  });
  const certificate = new X509Certificate(Buffer.from(made.rawData));
  const [startDateTime, endDateTime] = [new Date(0).toISOString(), new Date(Date.now() + 80_000_000).toISOString()];
  application.keyCredentials = [
    {
      keyId: randomUUID(),
      type: "AsymmetricX509Cert",
      usage: "Verify",
      displayName: "bot",
      startDateTime,
      endDateTime,
      customKeyIdentifier: null,
      key: certificate.raw.toString("base64"),
    },
  ];
  const now = Math.floor(Date.now() / 1000);
  const assertion = (thumbprint: string, from = now, aud = entra.tokenAddress): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: "RS256", x5t: thumbprint })
      .setIssuer(application.appId)
      .setSubject(application.appId)
      .setAudience(aud)
      .setNotBefore(from)
      .setExpirationTime(from + 600)
      .sign(keys.privateKey);
  const thumbprint = createHash("sha1").update(certificate.raw).digest("base64url");
  const said = async (token: string): Promise<string> =>
    String((await ask(entra, application.appId, token)).body["error_description"]);
  expect((await ask(entra, application.appId, await assertion(thumbprint))).status).toBe(200);
  expect(await said(await assertion("b3RoZXI"))).toMatch(
    /^AADSTS700027: The certificate .* is not registered .*The key was not found.*'6F74686572'/,
  );
  expect(await said(`${(await assertion(thumbprint)).slice(0, -8)}AAAAAAAA`)).toMatch(
    /^AADSTS700027: .*use of the key to verify the signature failed/,
  );
  expect(await said(await assertion(thumbprint, now, "https://login.microsoftonline.com/common/v2.0"))).toMatch(
    /^AADSTS700023: /,
  );
  // Microsoft's clients round to the nearest second, and clocks differ; five minutes are allowed, more are not.
  expect((await ask(entra, application.appId, await assertion(thumbprint, now + 60))).status).toBe(200);
  for (const from of [now + 900, now - 1500]) {
    const at = (seconds: number): string => new Date(seconds * 1000).toISOString().replace("Z", "0000Z");
    const words = await said(await assertion(thumbprint, from));
    expect(words.replace(/(?<=Current time: )[\dT:.-]{27}Z/, "<now>").split(" Trace ID")[0]).toBe(
      "AADSTS700024: Client assertion is not within its valid time range. Current time: <now>, assertion valid from " +
        `${at(from)}, expiry time of assertion ${at(from + 600)}. Review the documentation at ` +
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
    );
  }
  // The credential ends before the certificate, and with it what is signed.
  entra.azure.clock.advance(80_000_000);
  const later = Math.floor(entra.azure.clock.now().getTime() / 1000);
  expect(await said(await assertion(thumbprint, later))).toMatch(
    /^AADSTS700027: .*The key used is expired\., .*Found key 'Start=01\/01\/1970 00:00:00, End=/,
  );
});
