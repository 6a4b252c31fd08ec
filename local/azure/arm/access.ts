import { decodeJwt, type JWTPayload } from "jose";
import { AzureError } from "../error";
import { TokenRefused, type Azure, type Claims } from "../service";
import { authorizationFailed } from "./errors";

/** Audiences that ARM accepts; azure-native's Go client makes the one with two slashes. */
const managementAudiences = [
  "https://management.core.windows.net/",
  "https://management.core.windows.net",
  "https://management.azure.com/",
  "https://management.azure.com",
  "https://management.core.windows.net//",
  "https://management.azure.com//",
];

/** Who asks, by the bearer token. Throws ARM's 401. */
export async function authenticate(azure: Azure, request: Request): Promise<Claims> {
  try {
    return await azure.directory.verify(request, managementAudiences);
  } catch (error) {
    if (error instanceof TokenRefused) throw unauthenticated(azure, request, error);
    throw error;
  }
}

/** Refuses with 403 unless the caller's roles allow an action of the control plane. */
export function authorize(azure: Azure, caller: Claims, action: string, scope: string): void {
  if (azure.roles.allows(caller.oid, action, scope || "/", "control")) return;
  throw authorizationFailed(caller.appid ?? caller.oid, caller.oid, action, scope || "/");
}

function unauthenticated(azure: Azure, request: Request, refused: TokenRefused): AzureError {
  const authority = `https://login.windows.net/${azure.tenant.tenantId}`;
  const claims = claimsOf(request);
  const [code, message] = wording(refused.reason, claims, azure);
  const challenge =
    refused.reason === "missing"
      ? `Bearer authorization_uri="${authority}", error="invalid_token", ` +
        `error_description="The authentication failed because of missing 'Authorization' header."`
      : `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`;
  return new AzureError(401, code, message, { error: { code, message } }, { "WWW-Authenticate": challenge });
}

function wording(reason: TokenRefused["reason"], claims: JWTPayload, azure: Azure): [code: string, message: string] {
  switch (reason) {
    case "missing":
      return ["AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."];
    case "malformed":
      return ["InvalidAuthenticationToken", "The access token is invalid."];
    case "signature":
      return [
        "InvalidAuthenticationToken",
        "The access token is invalid: its signature is not one of the tenant's keys.",
      ];
    case "expired": {
      const expiry = new Date((claims.exp ?? 0) * 1000).toUTCString();
      const now = azure.clock.now().toUTCString();
      return [
        "ExpiredAuthenticationToken",
        `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${now}'.`,
      ];
    }
    case "audience":
      return [
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${String(claims.aud)}'. It should exactly ` +
          `match with one of the allowed audiences '${managementAudiences.slice(0, 4).join("','")}'.`,
      ];
    case "tenant":
      return [
        "InvalidAuthenticationTokenTenant",
        `The access token is from the wrong issuer '${claims.iss}'. It must match the tenant ` +
          `'https://sts.windows.net/${azure.tenant.tenantId}/' associated with this subscription. Please use the ` +
          `authority (URL) 'https://login.windows.net/${azure.tenant.tenantId}' to get the token.`,
      ];
  }
}

/** The claims of a token that was refused: for the refusal's text only, never for a decision. */
function claimsOf(request: Request): JWTPayload {
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  try {
    return token ? decodeJwt(token) : {};
  } catch {
    return {};
  }
}
