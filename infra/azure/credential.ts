import { fixes } from "../../contract/known-errors/fixes";
import type { AccessToken, ClientSecretCredentialOptions, TokenCredential } from "@azure/identity";
import { readFile } from "node:fs/promises";
import { AzureCallError, unreachable } from "./azure-call-error";
import { caught, exchange, NoAnswer, objectIn } from "./exchange";

/** The environment as azure-native reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How to sign in, decided from the environment alone. */
export type SignIn =
  | { readonly method: "default"; readonly tenantId?: string }
  | {
      readonly method: "client certificate";
      readonly tenantId: string;
      readonly clientId: string;
      readonly certificatePath: string;
      readonly certificatePassword?: string;
    }
  | {
      readonly method: "client secret";
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }
  | { readonly method: "federated token"; readonly tenantId: string; readonly clientId: string; readonly token: string }
  | {
      readonly method: "federated token file";
      readonly tenantId: string;
      readonly clientId: string;
      readonly path: string;
    }
  | {
      readonly method: "federated token request";
      readonly tenantId: string;
      readonly clientId: string;
      readonly requestUrl: string;
      readonly requestToken: string;
      readonly audience: string;
    }
  | { readonly method: "managed identity"; readonly clientId?: string }
  | { readonly method: "azure cli"; readonly tenantId?: string; readonly subscriptionId?: string };

/**
 * Decides how to sign in: the same variables in the same order as azure-native, so that nobody configures credentials
 * twice. Throws an {@link AzureCallError} naming the variable that a chosen way lacks; like azure-native it never falls
 * through from a half-configured way to the next one.
 *
 * Order and names: https://www.pulumi.com/registry/packages/azure-native/installation-configuration/ and
 * newSingleMethodAuthCredential in https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/auth_azidentity.go
 */
export function chooseSignIn(environment: Environment): SignIn {
  const get = (...names: string[]): string | undefined => names.map((name) => environment[name]).find(Boolean);
  const need = (name: string, way: string): string => {
    const value = get(name);
    if (value) return value;
    const cause = `signing in with ${way} needs ${name}, which is not set`;
    throw new AzureCallError("credential-incomplete", name, cause, `Set ${name}, or unset what asks for ${way}.`);
  };
  const application = (way: string): { tenantId: string; clientId: string } => ({
    tenantId: need("ARM_TENANT_ID", way),
    clientId: need("ARM_CLIENT_ID", way),
  });
  const on = (name: string): boolean => environment[name]?.toLowerCase() === "true";

  if (on("ARM_USE_DEFAULT_AZURE_CREDENTIAL"))
    return { method: "default", ...optional("tenantId", get("ARM_TENANT_ID")) };

  const certificatePath = get("ARM_CLIENT_CERTIFICATE_PATH");
  if (certificatePath) {
    const password = optional("certificatePassword", get("ARM_CLIENT_CERTIFICATE_PASSWORD"));
    return { method: "client certificate", ...application("a client certificate"), certificatePath, ...password };
  }

  const clientSecret = get("ARM_CLIENT_SECRET");
  if (clientSecret) return { method: "client secret", ...application("a client secret"), clientSecret };

  if (on("ARM_USE_OIDC")) return federated(environment, application("OIDC"));
  if (on("ARM_USE_MSI")) return { method: "managed identity", ...optional("clientId", get("ARM_CLIENT_ID")) };
  return {
    method: "azure cli",
    ...optional("tenantId", get("ARM_TENANT_ID")),
    ...optional("subscriptionId", get("ARM_SUBSCRIPTION_ID")),
  };
}

function federated(environment: Environment, application: { tenantId: string; clientId: string }): SignIn {
  const token = environment.ARM_OIDC_TOKEN;
  if (token) return { method: "federated token", ...application, token };
  const path = environment.ARM_OIDC_TOKEN_FILE_PATH;
  if (path) return { method: "federated token file", ...application, path };
  const audience = environment.ARM_OIDC_AUDIENCE || "api://AzureADTokenExchange";
  // GitHub Actions sets the second pair by itself in jobs with `permissions: id-token: write`.
  for (const prefix of ["ARM_OIDC_REQUEST", "ACTIONS_ID_TOKEN_REQUEST"]) {
    const requestUrl = environment[`${prefix}_URL`];
    const requestToken = environment[`${prefix}_TOKEN`];
    if (requestUrl && requestToken) {
      return { method: "federated token request", ...application, requestUrl, requestToken, audience };
    }
  }
  throw new AzureCallError(
    "credential-incomplete",
    "ARM_USE_OIDC",
    "signing in with OIDC is asked for, but there is no token, no token file and no address to ask for one",
    `Set ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH, or ARM_OIDC_REQUEST_URL and ARM_OIDC_REQUEST_TOKEN. ${fixes.jobToken}`,
  );
}

function optional<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return (value ? { [name]: value } : {}) as { [key in Name]?: string };
}

type PipelinePolicy = NonNullable<ClientSecretCredentialOptions["additionalPolicies"]>[number]["policy"];

/** Milliseconds for an answer: Microsoft's client waits for ever, and its open connection keeps a command from ending. */
const answersWithin = 60_000;

/** Hears how the last exchange went: of all that is no JSON, Microsoft's client keeps `network_error` alone. */
export class Listener implements PipelinePolicy {
  readonly name = "listener";
  #trouble: { readonly host: string; readonly why: string } | undefined;

  async sendRequest(...[request, next]: Parameters<PipelinePolicy["sendRequest"]>): ReturnType<typeof next> {
    const { host } = new URL(request.url);
    // The probe for a managed identity has a shorter time of its own.
    request.timeout ||= answersWithin;
    this.#trouble = undefined;
    try {
      const answer = await next(request);
      const { status, bodyAsText } = answer;
      if (!objectIn(bodyAsText)) this.#trouble = { host, why: `it answered ${status} with what is no JSON` };
      return answer;
    } catch (error) {
      const { name, message } = error as Error;
      const why = name === "AbortError" ? `it did not answer within ${request.timeout / 1_000} s` : message;
      this.#trouble = { host, why };
      throw error;
    }
  }

  /** An error of Microsoft's client, with what was heard in place of its `network_error`. */
  explained(error: Error): Error {
    const trouble = this.#trouble;
    if (!trouble || !error.message.startsWith("network_error")) return error;
    return unreachable(`a token of ${trouble.host}`, trouble.host, trouble.why);
  }
}

/**
 * Makes the credential for a way to sign in. `@azure/identity` is loaded here and not at the top of the file, because
 * the program itself never signs in.
 */
export async function credentialFor(
  signIn: SignIn,
  fetch: typeof globalThis.fetch,
  listener = new Listener(),
): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  const options = { additionalPolicies: [{ position: "perRetry" as const, policy: listener }] };
  const asserting = (assertion: () => Promise<string>, application: { tenantId: string; clientId: string }) => {
    // Microsoft's client keeps of an assertion's failure nothing but the message; here it stays whole, with its fix.
    let failure: unknown;
    const kept = async (): Promise<string> => {
      failure = undefined;
      return assertion().catch((error: unknown) => {
        throw (failure = error);
      });
    };
    const ClientAssertionCredential = class extends identity.ClientAssertionCredential {
      override async getToken(...asked: Parameters<TokenCredential["getToken"]>): Promise<AccessToken> {
        return super.getToken(...asked).catch((error: unknown) => {
          throw failure ?? error;
        });
      }
    };
    return new ClientAssertionCredential(application.tenantId, application.clientId, kept, options);
  };
  switch (signIn.method) {
    case "default":
      return new identity.DefaultAzureCredential({ ...options, ...optional("tenantId", signIn.tenantId) });
    case "client certificate": {
      const { tenantId, clientId, certificatePath, certificatePassword } = signIn;
      await refuseBinaryCertificate(certificatePath);
      const password = optional("certificatePassword", certificatePassword);
      return new identity.ClientCertificateCredential(tenantId, clientId, { certificatePath, ...password }, options);
    }
    case "client secret":
      return new identity.ClientSecretCredential(signIn.tenantId, signIn.clientId, signIn.clientSecret, options);
    case "federated token":
    case "federated token file":
    case "federated token request":
      return asserting(async () => (await oidcToken(signIn, fetch)) ?? "", signIn);
    case "managed identity":
      return signIn.clientId
        ? new identity.ManagedIdentityCredential({ clientId: signIn.clientId, ...options })
        : new identity.ManagedIdentityCredential(options);
    case "azure cli":
      return new identity.AzureCliCredential({
        ...optional("tenantId", signIn.tenantId),
        ...optional("subscription", signIn.subscriptionId),
      });
  }
}

/** The OIDC token that a federated sign-in shows to Entra; undefined for every other way to sign in. */
export async function oidcToken(signIn: SignIn, fetch: typeof globalThis.fetch): Promise<string | undefined> {
  switch (signIn.method) {
    case "federated token":
      return signIn.token;
    case "federated token file":
      return tokenIn(signIn.path);
    case "federated token request":
      return requestToken(signIn, fetch);
    default:
      return undefined;
  }
}

/** azure-native also reads PKCS#12 files; Microsoft's JavaScript client reads PEM only. */
async function refuseBinaryCertificate(path: string): Promise<void> {
  const text = await readFile(path, "latin1").catch((error: Error) => {
    const cause = `the certificate file cannot be read: ${error.message}`;
    throw new AzureCallError("certificate-unreadable", "ARM_CLIENT_CERTIFICATE_PATH", cause, "Correct the path.");
  });
  if (text.includes("-----BEGIN ")) return;
  throw new AzureCallError(
    "certificate-not-pem",
    "ARM_CLIENT_CERTIFICATE_PATH",
    `${path} is not a PEM file`,
    `Convert it, and keep the result private: openssl pkcs12 -in ${path} -out certificate.pem -nodes`,
  );
}

/** Read anew for each sign-in: whoever writes the file (Kubernetes, for one) replaces it before the token expires. */
async function tokenIn(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    const cause = `the file with the OIDC token cannot be read: ${error.message}`;
    throw new AzureCallError("federated-token-unreadable", "ARM_OIDC_TOKEN_FILE_PATH", cause, "Correct the path.");
  });
  return text.trim();
}

/** https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
async function requestToken(
  signIn: Extract<SignIn, { method: "federated token request" }>,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const url = new URL(signIn.requestUrl);
  url.searchParams.set("audience", signIn.audience);
  const headers = { accept: "application/json", authorization: `Bearer ${signIn.requestToken}` };
  const answer = await exchange({ fetch }, url.href, 30_000, { headers }).catch(caught);
  if (answer instanceof NoAnswer) throw unreachable("ARM_USE_OIDC", url.origin, answer.message);
  const { value } = (answer.ok ? (objectIn(answer.text) ?? {}) : {}) as { value?: unknown };
  if (typeof value === "string" && value) return value;
  throw new AzureCallError(
    "federated-token-refused",
    url.host,
    `the request for an OIDC token was answered with ${answer.status} and no token`,
    fixes.jobToken,
    answer.status,
  );
}
