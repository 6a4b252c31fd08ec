import "reflect-metadata";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential } from "@azure/identity";
import * as x509 from "@peculiar/x509";
import { strToU8, zipSync } from "fflate";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runInThisContext } from "node:vm";
import { deployerAccess } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import type { AzureCallError } from "../../infra/azure/azure-call-error";
import type { Environment } from "../../infra/azure/credential";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { runProgram } from "../../local/embedded";
import { createSession } from "../../local/plugins/session";
import { connectThisProcess, root } from "../support/deployed";

const location = "westeurope";
const subject = "repo:contoso/bot:environment:prod";
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

let azure: LocalAzure;
let disconnect: () => void;
let folder: string;
let secret: ClientSecretCredential;
/** Names the tenant, the subscription and the deploying application, and no way to sign in. */
let application: Record<string, string>;
/** The deploying application's own object id. */
let applicationId: string;
/** A web app that issues OIDC tokens, as GitHub does for its jobs, and that shows its managed identity's environment. */
let ci: { readonly origin: string; readonly principalId: string; readonly requestToken: string };

beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  disconnect = await connectThisProcess(azure, "client");
  folder = await mkdtemp(join(tmpdir(), "credentials-"));
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  secret = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  application = { ARM_TENANT_ID: tenantId, ARM_SUBSCRIPTION_ID: subscriptionId, ARM_CLIENT_ID: deployer.clientId };
  const found = await graph("GET", `applications?$filter=appId eq '${deployer.clientId}'`);
  applicationId = (found.value as { id: string }[])[0]!.id;
  ci = await startCi();
});
afterAll(async () => {
  disconnect?.();
  await azure?.close();
  await rm(folder, { recursive: true, force: true });
});

async function graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { token } = await secret.getToken("https://graph.microsoft.com/.default");
  const answer = await fetch(`https://graph.microsoft.com/v1.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
}

const ciApp = `
const { generateKeyPairSync, sign } = require("node:crypto");
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { IDENTITY_ENDPOINT, IDENTITY_HEADER, PORT, REQUEST_TOKEN, SUBJECT, WEBSITE_HOSTNAME } = process.env;
const iss = "https://" + WEBSITE_HOSTNAME;
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(aud) {
  const now = Math.floor(Date.now() / 1000);
  const text = part({ alg: "RS256", kid: "1" }) + "." + part({ iss, sub: SUBJECT, aud, iat: now, nbf: now, exp: now + 300 });
  return text + "." + sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url");
}
const pages = {
  "/.well-known/openid-configuration": () => ({ issuer: iss, jwks_uri: iss + "/keys" }),
  "/keys": () => ({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] }),
  "/identity": () => ({ IDENTITY_ENDPOINT, IDENTITY_HEADER }),
};
require("node:http").createServer(({ url, headers }, answer) => {
  const { pathname, searchParams } = new URL(url, iss);
  if (pathname === "/token") {
    const allowed = headers.authorization === "Bearer " + REQUEST_TOKEN;
    return answer.writeHead(allowed ? 200 : 401).end(JSON.stringify(allowed ? { value: token(searchParams.get("audience")) } : {}));
  }
  const page = pages[pathname];
  answer.writeHead(page ? 200 : 404).end(JSON.stringify(page ? page() : {}));
}).listen(PORT);`;

async function startCi(): Promise<typeof ci> {
  const { subscriptionId } = azure.tenant;
  const requestToken = randomUUID();
  await new ResourceManagementClient(secret, subscriptionId).resourceGroups.createOrUpdate("ci", { location });
  const sites = new WebSiteManagementClient(secret, subscriptionId);
  const plan = await sites.appServicePlans
    .createOrUpdate("ci", "plan", { location, kind: "linux", reserved: true, sku: { name: "B1" } })
    .pollUntilDone();
  const name = `ci-${randomUUID().slice(0, 8)}`;
  const site = await sites.webApps
    .createOrUpdate("ci", name, {
      location,
      serverFarmId: plan.id,
      identity: { type: "SystemAssigned" },
      siteConfig: {
        linuxFxVersion: "NODE|24-lts",
        appCommandLine: "node index.js",
        appSettings: [
          { name: "REQUEST_TOKEN", value: requestToken },
          { name: "SUBJECT", value: subject },
        ],
      },
    })
    .pollUntilDone();
  const { token } = await secret.getToken("https://appservice.azure.com/.default");
  const pushed = await fetch(`https://${name}.scm.azurewebsites.net/api/publish?type=zip`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
    body: zipSync({ "index.js": strToU8(ciApp) }) as Uint8Array<ArrayBuffer>,
  });
  expect(pushed.status).toBe(200);
  return { origin: `https://${site.defaultHostName}`, principalId: site.identity?.principalId ?? "", requestToken };
}

async function oidcToken(audience = "api://AzureADTokenExchange"): Promise<string> {
  const answer = await fetch(`${ci.origin}/token?audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${ci.requestToken}` },
  });
  return ((await answer.json()) as { value: string }).value;
}

/** Reads the resource group by the provider's own way to ARM; gives the object id that signed in, and its token's. */
async function readsAzure(environment: Environment): Promise<string> {
  const access = deployerAccess({ ...environment });
  const group = `/subscriptions/${azure.tenant.subscriptionId}/resourceGroups/ci`;
  expect(await armClient(access).get(group, "2022-09-01")).toMatchObject({ location });
  const token = await access.token("https://management.azure.com/.default");
  return (JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { oid: string }).oid;
}

const refused = async (environment: Environment): Promise<AzureCallError> =>
  readsAzure(environment).then(
    () => expect(environment).toBe("refused"),
    (error: AzureCallError) => error,
  ) as Promise<AzureCallError>;

/** A certificate with its key as one PEM file. */
async function newCertificate(file: string): Promise<{ path: string; key: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  x509.cryptoProvider.set(crypto);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=deployer",
    keys,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  const path = join(folder, file);
  await writeFile(path, `${certificate.toString("pem")}\n${key}\n`, { mode: 0o600 });
  return { path, key: Buffer.from(certificate.rawData).toString("base64") };
}

test("a client secret deploys, and a wrong one is refused with Entra's code", async () => {
  const { deployer } = azure.tenant;
  expect(await readsAzure({ ...application, ARM_CLIENT_SECRET: deployer.clientSecret })).toBe(deployer.objectId);
  const failure = await refused({ ...application, ARM_CLIENT_SECRET: "not-the-secret" });
  expect(failure).toMatchObject({ name: "AzureCallError", code: "AADSTS7000215" });
  expect(failure.message).not.toContain("not-the-secret");
});

test("a certificate deploys once the application knows it; before, the fix names the command that uploads it", async () => {
  const { path, key } = await newCertificate("certificate.pem");
  const environment = { ...application, ARM_CLIENT_CERTIFICATE_PATH: path };
  expect(await refused(environment)).toMatchObject({
    code: "AADSTS700027",
    fix: expect.stringContaining("az ad app credential reset --id $ARM_CLIENT_ID --append --cert") as string,
  });
  await graph("PATCH", `applications/${applicationId}`, {
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key, displayName: "deployer" }],
  });
  expect(await readsAzure(environment)).toBe(azure.tenant.deployer.objectId);
  const other = await newCertificate("other.pem");
  expect(await refused({ ...application, ARM_CLIENT_CERTIFICATE_PATH: other.path })).toMatchObject({
    code: "AADSTS700027",
  });
});

describe("OIDC", () => {
  let oidc: Record<string, string>;

  test("an issuer that the application does not trust is refused, and the fix names the command that trusts it", async () => {
    oidc = { ...application, ARM_USE_OIDC: "true" };
    expect(await refused({ ...oidc, ARM_OIDC_TOKEN: await oidcToken() })).toMatchObject({
      code: "AADSTS70025",
      fix: expect.stringContaining("az ad app federated-credential create --id $ARM_CLIENT_ID") as string,
    });
    await graph("POST", `applications/${applicationId}/federatedIdentityCredentials`, {
      name: "ci",
      issuer: ci.origin,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  test("a token deploys; one for another audience or with a changed signature does not", async () => {
    const token = await oidcToken();
    expect(await readsAzure({ ...oidc, ARM_OIDC_TOKEN: token })).toBe(azure.tenant.deployer.objectId);
    expect(await refused({ ...oidc, ARM_OIDC_TOKEN: await oidcToken("api://other") })).toMatchObject({
      code: "AADSTS700212",
    });
    const [header, claims] = token.split(".");
    const forged = `${header}.${claims}.${Buffer.alloc(256, 1).toString("base64url")}`;
    expect(await refused({ ...oidc, ARM_OIDC_TOKEN: forged })).toMatchObject({ code: "AADSTS700027" });
  });

  test("a token in a file deploys, with the line end that most tools write", async () => {
    const path = join(folder, "token");
    await writeFile(path, `${await oidcToken()}\n`, { mode: 0o600 });
    expect(await readsAzure({ ...oidc, ARM_OIDC_TOKEN_FILE_PATH: path })).toBe(azure.tenant.deployer.objectId);
    expect(await refused({ ...oidc, ARM_OIDC_TOKEN_FILE_PATH: join(folder, "none") })).toMatchObject({
      code: "federated-token-unreadable",
      resource: "ARM_OIDC_TOKEN_FILE_PATH",
    });
  });

  test("a job in GitHub Actions deploys with nothing but what GitHub sets", async () => {
    const request = { ACTIONS_ID_TOKEN_REQUEST_URL: `${ci.origin}/token?job=1` };
    const environment = { ...oidc, ...request, ACTIONS_ID_TOKEN_REQUEST_TOKEN: ci.requestToken };
    expect(await readsAzure(environment)).toBe(azure.tenant.deployer.objectId);
    const wrong = { ...oidc, ...request, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "other" };
    expect(await refused(wrong)).toMatchObject({ code: "federated-token-refused", status: 401 });
  });

  test("the whole program is deployed without a secret, by the stand-ins for Pulumi's plugins too", async () => {
    const token = await createSession({ environment: { ...oidc, ARM_OIDC_TOKEN: await oidcToken() } }).token(
      "https://graph.microsoft.com",
    );
    expect(token.split(".")).toHaveLength(3);
    const { outputs } = await runProgram({
      root,
      stack: "dev",
      environment: {
        ...(await azure.environmentFor("deployer")),
        ...oidc,
        ACTIONS_ID_TOKEN_REQUEST_URL: `${ci.origin}/token?job=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: ci.requestToken,
      },
      onEvent: () => undefined,
    });
    const page = await fetch(String(outputs.chatAddress));
    expect(page.status).toBe(200);
  });
});

describe("a managed identity", () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of ["IDENTITY_ENDPOINT", "IDENTITY_HEADER"]) delete process.env[name];
    Object.assign(process.env, before);
  });

  test("deploys where it has a role, by the address that App Service gives its apps", async () => {
    const { subscriptionId } = azure.tenant;
    Object.assign(process.env, await (await fetch(`${ci.origin}/identity`)).json());
    const environment = { ARM_USE_MSI: "true", ARM_SUBSCRIPTION_ID: subscriptionId };
    expect(await refused(environment)).toMatchObject({ code: "AuthorizationFailed", status: 403 });
    const scope = `/subscriptions/${subscriptionId}`;
    await new AuthorizationManagementClient(secret, subscriptionId).roleAssignments.create(scope, randomUUID(), {
      principalId: ci.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${owner}`,
    });
    expect(await readsAzure(environment)).toBe(ci.principalId);
    expect(await refused({ ...environment, ARM_CLIENT_ID: randomUUID() })).toMatchObject({
      code: "sign-in-refused",
      fix: expect.stringContaining("unset ARM_USE_MSI") as string,
    });
  });
});

describe("the Azure CLI", () => {
  // Programs are looked for on the PATH of the real process, of whose environment jest gives tests a copy.
  const { env } = runInThisContext("process") as NodeJS.Process;
  const { PATH } = env;
  afterEach(() => {
    env.PATH = PATH;
  });

  /** Puts an executable `az` first on PATH, which notes its arguments and then runs `lines`. */
  async function withAz(...lines: string[]): Promise<string> {
    const bin = await mkdtemp(join(folder, "bin-"));
    await writeFile(join(bin, "az"), ["#!/bin/sh", `echo "$@" > ${join(bin, "asked")}`, ...lines, ""].join("\n"));
    await chmod(join(bin, "az"), 0o700);
    env.PATH = `${bin}${delimiter}${PATH}`;
    return join(bin, "asked");
  }
  const loggedIn = (): Environment => {
    const { ARM_CLIENT_ID: _none, ...environment } = application;
    return environment;
  };

  test("deploys with its login where no variable names another way, for the tenant or subscription that is set", async () => {
    const { token, expiresOnTimestamp } = await secret.getToken("https://management.azure.com/.default");
    const answer = { accessToken: token, expires_on: Math.floor(expiresOnTimestamp / 1000), tokenType: "Bearer" };
    const file = join(folder, "login.json");
    await writeFile(file, JSON.stringify(answer), { mode: 0o600 });
    const asked = await withAz(`cat ${file}`);
    expect(await readsAzure(loggedIn())).toBe(azure.tenant.deployer.objectId);
    const { tenantId, subscriptionId } = azure.tenant;
    const words = (await readFile(asked, "utf8")).trim();
    expect(words).toContain("account get-access-token --output json --resource https://management.azure.com");
    expect(words).toContain(`--tenant ${tenantId}`);
    expect(words).toContain(`--subscription ${subscriptionId}`);
  });

  test("without a login, says az login with the tenant", async () => {
    await withAz("echo \"ERROR: Please run 'az login' to setup account.\" >&2", "exit 1");
    expect(await refused(loggedIn())).toMatchObject({
      code: "sign-in-refused",
      fix: `az login --tenant ${azure.tenant.tenantId}`,
    });
  });

  test("not installed, says so and names the other ways", async () => {
    await withAz('echo "sh: az: not found" >&2', "exit 127");
    expect(await refused(loggedIn())).toMatchObject({
      code: "sign-in-refused",
      fix:
        "Set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or install it (https://aka.ms/azure-cli) and " +
        `az login --tenant ${azure.tenant.tenantId}`,
    });
  });
});
