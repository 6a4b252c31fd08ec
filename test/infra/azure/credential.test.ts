import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { deployerCredential } from "../../../infra/azure/deployer-credential";
import { chooseSignIn, credentialFor, Listener, type SignIn } from "../../../infra/azure/credential";

const application = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client", ARM_SUBSCRIPTION_ID: "subscription" };
const as = { tenantId: "tenant", clientId: "client" };

const mappings: [what: string, environment: Record<string, string>, signIn: SignIn][] = [
  [
    "a client secret",
    { ...application, ARM_CLIENT_SECRET: "s" },
    { method: "client secret", ...as, clientSecret: "s" },
  ],
  [
    "a client certificate",
    { ...application, ARM_CLIENT_CERTIFICATE_PATH: "/c.pem" },
    { method: "client certificate", ...as, certificatePath: "/c.pem" },
  ],
  [
    "a client certificate with a password",
    { ...application, ARM_CLIENT_CERTIFICATE_PATH: "/c.pem", ARM_CLIENT_CERTIFICATE_PASSWORD: "p" },
    { method: "client certificate", ...as, certificatePath: "/c.pem", certificatePassword: "p" },
  ],
  [
    "an OIDC token",
    { ...application, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "t" },
    { method: "federated token", ...as, token: "t" },
  ],
  [
    "an OIDC token file",
    { ...application, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: "/t" },
    { method: "federated token file", ...as, path: "/t" },
  ],
  [
    "an OIDC request of one's own",
    { ...application, ARM_USE_OIDC: "true", ARM_OIDC_REQUEST_URL: "https://u", ARM_OIDC_REQUEST_TOKEN: "r" },
    {
      method: "federated token request",
      ...as,
      requestUrl: "https://u",
      requestToken: "r",
      audience: "api://AzureADTokenExchange",
    },
  ],
  [
    "what GitHub Actions sets by itself",
    {
      ...application,
      ARM_USE_OIDC: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://g",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "r",
      ARM_OIDC_AUDIENCE: "api://other",
    },
    { method: "federated token request", ...as, requestUrl: "https://g", requestToken: "r", audience: "api://other" },
  ],
  ["the machine's own managed identity", { ARM_USE_MSI: "true" }, { method: "managed identity" }],
  [
    "a user-assigned managed identity",
    { ARM_USE_MSI: "true", ARM_CLIENT_ID: "client" },
    { method: "managed identity", clientId: "client" },
  ],
  ["the Azure CLI where nothing is set", {}, { method: "azure cli" }],
  [
    "the Azure CLI for a tenant and subscription",
    { ARM_TENANT_ID: "tenant", ARM_SUBSCRIPTION_ID: "subscription", ARM_CLIENT_SECRET: "" },
    { method: "azure cli", tenantId: "tenant", subscriptionId: "subscription" },
  ],
  [
    "Azure's default chain",
    { ...application, ARM_USE_DEFAULT_AZURE_CREDENTIAL: "true", ARM_CLIENT_SECRET: "s" },
    { method: "default", tenantId: "tenant" },
  ],
];

test.each(mappings)("the providers sign in with %s where azure-native does", (_what, environment, signIn) => {
  expect(chooseSignIn(environment)).toEqual(signIn);
});

test("certificate before secret before OIDC before managed identity, as azure-native orders them", () => {
  const all: Record<string, string> = {
    ...application,
    ARM_CLIENT_CERTIFICATE_PATH: "/c.pem",
    ARM_CLIENT_SECRET: "s",
    ARM_USE_OIDC: "true",
    ARM_OIDC_TOKEN: "t",
    ARM_USE_MSI: "true",
  };
  const order: string[] = [];
  for (const drop of ["ARM_CLIENT_CERTIFICATE_PATH", "ARM_CLIENT_SECRET", "ARM_USE_OIDC", "ARM_USE_MSI", "none"]) {
    order.push(chooseSignIn(all).method);
    delete all[drop];
  }
  expect(order).toEqual(["client certificate", "client secret", "federated token", "managed identity", "azure cli"]);
});

test.each([
  ["ARM_TENANT_ID", { ARM_CLIENT_ID: "c", ARM_CLIENT_SECRET: "s" }, "a client secret"],
  ["ARM_CLIENT_ID", { ARM_TENANT_ID: "t", ARM_CLIENT_CERTIFICATE_PATH: "/c.pem" }, "a client certificate"],
  ["ARM_CLIENT_ID", { ARM_TENANT_ID: "t", ARM_USE_OIDC: "true" }, "OIDC"],
])("a missing %s is named, and nobody is signed in in another way instead", (name, environment, way) => {
  expect(() => chooseSignIn(environment)).toThrow(
    expect.objectContaining({
      code: "credential-incomplete",
      message:
        `${name}: signing in with ${way} needs ${name}, which is not set [credential-incomplete] ` +
        `Set ${name}, or unset what asks for ${way}.`,
    }),
  );
});

test("OIDC without any token says what to set, in GitHub Actions too", () => {
  expect(() => chooseSignIn({ ...application, ARM_USE_OIDC: "true" })).toThrow(
    "In GitHub Actions give the job `permissions: id-token: write`.",
  );
});

const noFetch = async (): Promise<Response> => {
  throw new Error("no request is expected");
};

test.each([
  [{ method: "client secret", ...as, clientSecret: "s" }, "ClientSecretCredential"],
  [{ method: "federated token", ...as, token: "t" }, "ClientAssertionCredential"],
  [{ method: "federated token file", ...as, path: "/t" }, "ClientAssertionCredential"],
  [{ method: "managed identity" }, "ManagedIdentityCredential"],
  [{ method: "managed identity", clientId: "c" }, "ManagedIdentityCredential"],
  [{ method: "azure cli", tenantId: "t", subscriptionId: "s" }, "AzureCliCredential"],
  [{ method: "azure cli" }, "AzureCliCredential"],
  [{ method: "default" }, "DefaultAzureCredential"],
] as [SignIn, string][])("%j becomes Microsoft's %s", async (signIn, name) => {
  expect((await credentialFor(signIn, noFetch)).constructor.name).toBe(name);
});

describe("a certificate file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "certificate-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("in PEM becomes Microsoft's ClientCertificateCredential", async () => {
    const certificatePath = path.join(folder, "c.pem");
    await writeFile(certificatePath, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
    const credential = await credentialFor({ method: "client certificate", ...as, certificatePath }, noFetch);
    expect(credential.constructor.name).toBe("ClientCertificateCredential");
  });

  test("that azure-native reads and Microsoft's client does not is named with the command that converts it", async () => {
    const certificatePath = path.join(folder, "c.pfx");
    await writeFile(certificatePath, Buffer.from([0x30, 0x82, 0x01]));
    await expect(
      credentialFor({ method: "client certificate", ...as, certificatePath }, noFetch),
    ).rejects.toMatchObject({
      code: "certificate-not-pem",
      fix: `Convert it, and keep the result private: openssl pkcs12 -in ${certificatePath} -out certificate.pem -nodes`,
    });
  });

  test("without its key is refused by Microsoft's client, in words that the catalogue knows", async () => {
    const certificatePath = path.join(folder, "keyless.pem");
    await writeFile(certificatePath, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    const environment = { ...application, ARM_CLIENT_CERTIFICATE_PATH: certificatePath };
    await expect(deployerCredential(environment, noFetch).getToken("scope")).rejects.toMatchObject({
      code: "sign-in-refused",
      fix: expect.stringMatching(/^Put both, in PEM, where ARM_CLIENT_CERTIFICATE_PATH points/) as string,
    });
  });

  test("that is not there is named", async () => {
    const certificatePath = path.join(folder, "absent.pem");
    await expect(
      credentialFor({ method: "client certificate", ...as, certificatePath }, noFetch),
    ).rejects.toMatchObject({
      code: "certificate-unreadable",
      resource: "ARM_CLIENT_CERTIFICATE_PATH",
    });
  });
});

describe("a federated token is asked for", () => {
  const signIn: SignIn = {
    method: "federated token request",
    ...as,
    requestUrl: "https://token.example/request?api=1",
    requestToken: "request-token",
    audience: "api://AzureADTokenExchange",
  };
  /** Microsoft's client calls the assertion when it needs one; so does this, without a network. */
  const assertion = async (fetch: typeof globalThis.fetch): Promise<string> => {
    const { ClientAssertionCredential } = await import("@azure/identity");
    const spy = jest.spyOn(ClientAssertionCredential.prototype, "getToken");
    spy.mockImplementation(async function (this: unknown) {
      const getAssertion = (this as { getAssertion: () => Promise<string> }).getAssertion;
      return { token: await getAssertion(), expiresOnTimestamp: 0 };
    });
    try {
      return (await (await credentialFor(signIn, fetch)).getToken("scope"))!.token;
    } finally {
      spy.mockRestore();
    }
  };

  test("with the request's own token and audience", async () => {
    const seen: { url: string; authorization: string | null }[] = [];
    const token = await assertion(async (input, init) => {
      seen.push({ url: String(input), authorization: new Headers(init?.headers).get("authorization") });
      return Response.json({ value: "federated" });
    });
    expect(token).toBe("federated");
    expect(seen).toEqual([
      {
        url: "https://token.example/request?api=1&audience=api%3A%2F%2FAzureADTokenExchange",
        authorization: "Bearer request-token",
      },
    ]);
  });

  test("and a refusal names the host and the permission that the job lacks, never the token", async () => {
    const failure = await assertion(async () => new Response("request-token", { status: 403 })).catch((error) => error);
    expect(failure).toMatchObject({ code: "federated-token-refused", resource: "token.example", status: 403 });
    expect(failure.message).not.toContain("request-token");
  });
});

describe("a sign-in that gets no proper answer says what came instead, of which Microsoft's client keeps network_error alone", () => {
  const swallowed = new Error("network_error: See https://aka.ms/msal.js.errors#network_error for details");
  type Answer = (request: { readonly timeout: number }) => Promise<Pick<PipelineResponse, "status" | "bodyAsText">>;
  const meeting = async (answer: Answer): Promise<Error> => {
    const listener = new Listener();
    const request = createPipelineRequest({ url: "https://login.microsoftonline.com/tenant/oauth2/v2.0/token" });
    const next = async () => ({ request, headers: createHttpHeaders(), ...(await answer(request)) });
    await listener.sendRequest(request, next).catch(() => undefined);
    return listener.explained(swallowed);
  };
  const said = (status: number, bodyAsText: string) => async () => ({ status, bodyAsText });

  test.each<[string, Answer, string]>([
    ["a gateway's page", said(503, "<html>Busy</html>"), "it answered 503 with what is no JSON"],
    ["nothing", said(200, ""), "it answered 200 with what is no JSON"],
    ["half a token", said(200, '{"access_tok'), "it answered 200 with what is no JSON"],
    ["a reset", () => Promise.reject(new Error("read ECONNRESET")), "read ECONNRESET"],
    [
      "no end",
      ({ timeout }) => Promise.reject(Object.assign(new Error(`aborted after ${timeout}`), { name: "AbortError" })),
      "it did not answer within 60 s",
    ],
  ])("%s", async (_what, answer, why) => {
    expect(await meeting(answer)).toMatchObject({
      code: "unreachable",
      cause: `login.microsoftonline.com cannot be reached: ${why}`,
      fix: "Check the network, and HTTPS_PROXY where one is set.",
    });
  });

  test("what Entra itself says stays as Microsoft's client words it", async () => {
    expect(await meeting(said(400, '{"error":"invalid_client"}'))).toBe(swallowed);
  });
});
