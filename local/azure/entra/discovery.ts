import type { Call, Routes } from "../routes";
import type { EntraDirectory } from "./directory";
import { refusals } from "./errors";
import { authority } from "./tenants";

const host = "https://login.microsoftonline.com";
const hosts = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];

/** Documents with which a client finds its way: keys, OpenID configuration, known instances. */
export function discoveryRoutes(directory: EntraDirectory): Routes {
  const keys = async ({ params }: Call): Promise<Response> => {
    authority(params["tenant"] as string, directory.tenant, "invalid_tenant");
    const { publicJwk } = await directory.signingKey;
    return Response.json({ keys: [{ ...publicJwk, issuer: `${host}/${directory.tenant.tenantId}/v2.0` }] });
  };
  const configuration = (version: "1.0" | "2.0") => (call: Call) => {
    const where = authority(call.params["tenant"] as string, directory.tenant, "invalid_tenant");
    const tenant = where.kind === "any" ? where.segment : directory.tenant.tenantId;
    // A document of common or organizations names no tenant: clients put in the one they meet.
    const issuerTenant = where.kind === "any" ? "{tenantid}" : directory.tenant.tenantId;
    return Response.json(openIdConfiguration(tenant, issuerTenant, version));
  };
  return {
    "GET /common/discovery/instance": ({ query }) => Response.json(instances(query)),
    "GET /common/userrealm/{account}": ({ params }) => Response.json(realmOf(params["account"] as string)),
    "GET /{tenant}/discovery/v2.0/keys": keys,
    "GET /{tenant}/discovery/keys": keys,
    "GET /{tenant}/v2.0/.well-known/openid-configuration": configuration("2.0"),
    "GET /{tenant}/.well-known/openid-configuration": configuration("1.0"),
  };
}

/** Where an account signs in: here all do with Entra itself, no other identity provider. */
function realmOf(account: string): Record<string, unknown> {
  return {
    ver: "1.0",
    account_type: "Managed",
    domain_name: account.split("@")[1] ?? "",
    cloud_instance_name: "microsoftonline.com",
    cloud_audience_urn: "urn:federation:MicrosoftOnline",
  };
}

function openIdConfiguration(tenant: string, issuerTenant: string, version: "1.0" | "2.0"): Record<string, unknown> {
  const v2 = version === "2.0";
  return {
    token_endpoint: `${host}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${host}/${tenant}/discovery/${v2 ? "v2.0/" : ""}keys`,
    response_modes_supported: ["query", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: v2 ? `${host}/${issuerTenant}/v2.0` : `https://sts.windows.net/${issuerTenant}/`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${host}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${host}/${tenant}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${host}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "email"],
    code_challenge_methods_supported: ["plain", "S256"],
    tenant_region_scope: null,
    cloud_instance_name: "microsoftonline.com",
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: "graph.microsoft.com",
    rbac_url: "https://pas.windows.net",
  };
}

/** Throws AADSTS50049 for an authority that is not one of Entra's: what a client then sees is `invalid_instance`. */
function instances(query: URLSearchParams): Record<string, unknown> {
  const asked = query.get("authorization_endpoint") ?? "";
  if (!asked) throw refusals.parameterMissing("authorization_endpoint");
  const address = URL.canParse(asked) ? new URL(asked) : undefined;
  if (!address || !hosts.includes(address.hostname)) throw refusals.invalidInstance(asked);
  const tenant = address.pathname.split("/")[1] ?? "common";
  return {
    tenant_discovery_endpoint: `${host}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: hosts[0], preferred_cache: "login.windows.net", aliases: hosts }],
  };
}
