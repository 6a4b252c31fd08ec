import { createHash } from "node:crypto";
import { errors as joseErrors, type JWTPayload } from "jose";
import type { Call } from "../routes";
import type { Azure } from "../service";
import type { Person } from "../tenant";
import { checkAssigned } from "./assignment";
import { findApplication, findPrincipal, identityAsClient, type Client } from "./client";
import { authenticateClient, checkPlatform, platformOf, readTokenForm, type TokenForm } from "./client-credential";
import { preAuthorized } from "./consent";
import type { DeviceCodes } from "./device-codes";
import type { EntraDirectory } from "./directory";
import { refusals } from "./errors";
import { openIdScopes } from "./graph-permissions";
import type { AuthorizationCode, IssuedGrants } from "./issued-grants";
import { readDefaultScope, readScopes, written, type RequestedScopes } from "./requested-scopes";
import { scopesOf } from "./service-principal";
import { authority, directoryName } from "./tenants";
import { applicationClaims, idClaims, userClaims } from "./tokens";

/** `POST /{tenant}/oauth2/v2.0/token`: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
export class TokenEndpoint {
  constructor(
    private readonly azure: Azure,
    private readonly directory: EntraDirectory,
    private readonly issued: IssuedGrants,
    private readonly devices: DeviceCodes,
  ) {}

  async answer({ request, params }: Call): Promise<Response> {
    const where = authority(params["tenant"] as string, this.directory.tenant);
    const form = await readTokenForm(request);
    const grantType = required(form.fields, "grant_type");
    const grant = this.#grants[grantType];
    if (!grant) throw refusals.unsupportedGrant(grantType);
    if (!form.clientId) throw refusals.parameterMissing("client_id");
    const federated = grantType === "client_credentials" && form.fields.has("client_assertion");
    const application =
      (federated && identityAsClient(this.directory, where, form.clientId)) ||
      findApplication(this.directory, where, form.clientId);
    checkPlatform(form, application);
    const shown = form.clientSecret !== undefined || form.fields.has("client_assertion");
    if (shown || !this.#isPublic(form, application)) {
      await authenticateClient(this.azure, this.directory, application, form);
    }
    const client = { application, principal: findPrincipal(this.directory, application) };
    return Response.json(await grant(client, form.fields), {
      headers: { "cache-control": "no-store, no-cache", pragma: "no-cache" },
    });
  }

  readonly #grants: Readonly<
    Record<string, (client: Client, fields: URLSearchParams) => Promise<Record<string, unknown>>>
  > = {
    client_credentials: (client, fields) => this.#clientCredentials(client, fields),
    authorization_code: (client, fields) => this.#authorizationCode(client, fields),
    refresh_token: (client, fields) => this.#refreshToken(client, fields),
    password: (client, fields) => this.#password(client, fields),
    device_code: (client, fields) => this.#deviceCode(client, fields),
    "urn:ietf:params:oauth:grant-type:device_code": (client, fields) => this.#deviceCode(client, fields),
    "urn:ietf:params:oauth:grant-type:jwt-bearer": (client, fields) => this.#onBehalfOf(client, fields),
  };

  async #clientCredentials({ principal }: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    const { target, resource } = readDefaultScope(this.directory, required(fields, "scope"));
    const lifetime = this.directory.lifetimes.applicationToken;
    const claims = applicationClaims(this.directory, principal, target, resource, lifetime);
    return {
      token_type: "Bearer",
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: await this.#sign(claims),
    };
  }

  async #authorizationCode(client: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    const code = this.issued.redeem(required(fields, "code"), client.application.appId);
    if (code.redirectUri !== (fields.get("redirect_uri") ?? code.redirectUri)) throw refusals.codeRedirectMismatch();
    checkVerifier(code, fields.get("code_verifier"));
    const scope = fields.get("scope") || code.scope;
    return this.#personsTokens(client, code.person, readScopes(this.directory, client.application.appId, scope), {
      scope,
      nonce: code.nonce,
    });
  }

  async #refreshToken(client: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    const kept = this.issued.refresh(required(fields, "refresh_token"), client.application.appId);
    const scope = fields.get("scope") || kept.scope;
    const scopes = readScopes(this.directory, client.application.appId, scope);
    // A refresh always gives a new refresh token, whether or not it names offline_access again.
    const openId = new Set([...scopes.openId, "offline_access"]);
    return this.#personsTokens(client, kept.person, { ...scopes, openId }, { scope, nonce: undefined });
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc */
  async #password(client: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    const account = required(fields, "username");
    const person = this.directory.people.find(({ mail }) => mail === account.toLowerCase());
    if (!person) throw refusals.personNotFound(account, directoryName(this.directory.tenant));
    if (required(fields, "password") !== this.directory.tenant.password) throw refusals.passwordWrong();
    return this.#tokensFor(client, person, required(fields, "scope"));
  }

  async #deviceCode(client: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    const code = fields.get("device_code") ?? required(fields, "code");
    const { person, scope } = this.devices.redeem(code, client.application.appId);
    return this.#tokensFor(client, person, scope);
  }

  #tokensFor(client: Client, person: Person, scope: string): Promise<Record<string, unknown>> {
    const scopes = readScopes(this.directory, client.application.appId, scope);
    return this.#personsTokens(client, person, scopes, { scope, nonce: undefined });
  }

  /** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow */
  async #onBehalfOf(client: Client, fields: URLSearchParams): Promise<Record<string, unknown>> {
    if (fields.get("requested_token_use") !== "on_behalf_of") throw refusals.parameterMissing("requested_token_use");
    const claims = await this.#checkUserAssertion(client, required(fields, "assertion"));
    const person = this.directory.people.find(({ objectId }) => objectId === claims["oid"]);
    if (!person) throw refusals.assertionInvalid("The assertion is not a person's token.");
    return this.#tokensFor(client, person, required(fields, "scope"));
  }

  async #checkUserAssertion({ application }: Client, assertion: string): Promise<JWTPayload> {
    let claims: JWTPayload;
    try {
      claims = await (await this.directory.signingKey).verify(assertion, this.azure.clock.now());
    } catch (error) {
      if (error instanceof joseErrors.JWTExpired) throw refusals.assertionTooOld();
      throw refusals.assertionInvalid("The assertion is not a token of this tenant.");
    }
    const { appId, identifierUris, displayName } = application;
    const own = [appId, ...identifierUris].map((name) => name.toLowerCase());
    const audience = String(claims.aud);
    if (!own.includes(audience.toLowerCase())) throw refusals.assertionAudience(audience, appId, displayName);
    return claims;
  }

  /** The answer for a person: access token, and as asked for an ID token and a refresh token. Throws AADSTS65001. */
  async #personsTokens(
    { application, principal }: Client,
    person: Person,
    scopes: RequestedScopes,
    asked: { scope: string; nonce: string | undefined },
  ): Promise<Record<string, unknown>> {
    checkAssigned(this.directory, principal, person);
    const granted = this.directory.grantedScopes(principal.id, scopes.target.id, person.objectId);
    const inAdvance = allowedInAdvance(this.directory, application.appId, scopes);
    const missing = scopes.permissions.some(({ value }) => !granted.has(value) && !inAdvance.has(value));
    const nothing = scopes.everything && scopes.permissions.length === 0 && granted.size === 0;
    if (missing || nothing) throw refusals.consentRequired(application.appId, application.displayName);
    const names = [
      ...new Set([...scopes.permissions.map(({ value }) => value), ...granted, ...inAdvance, ...scopes.openId]),
    ].filter((name) => name !== "offline_access" && (!openIdScopes.includes(name) || scopes.openId.has(name)));
    const lifetime = this.directory.lifetimes.userToken;
    const access = userClaims(this.directory, principal, scopes.target, scopes.resource, person, names);
    const id = idClaims(this.directory, principal, person, scopes.openId, asked.nonce);
    return {
      token_type: "Bearer",
      scope: written(scopes, names),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: await this.#sign(access),
      ...(scopes.openId.has("offline_access") && {
        refresh_token: this.issued.newRefreshToken({ clientId: application.appId, person, scope: asked.scope }),
      }),
      ...(scopes.openId.has("openid") && { id_token: await this.#sign(id) }),
      ...(scopes.openId.has("openid") && { client_info: clientInfo(person, this.directory.tenant.tenantId) }),
    };
  }

  /** A browser's or a desktop's application keeps no secret and redeems its codes by PKCE alone. */
  #isPublic(form: TokenForm, application: Client["application"]): boolean {
    const grant = form.fields.get("grant_type");
    if (application.isFallbackPublicClient && grant !== "client_credentials") return true;
    if (grant === "authorization_code") return platformOf(application, form.fields.get("redirect_uri") ?? "") !== "web";
    const hasPublicAddress = application.spa.redirectUris.length + application.publicClient.redirectUris.length > 0;
    return grant === "refresh_token" && hasPublicAddress && application.passwordCredentials.length === 0;
  }

  async #sign(claims: JWTPayload): Promise<string> {
    return (await this.directory.signingKey).sign(claims);
  }
}

function allowedInAdvance(directory: EntraDirectory, clientAppId: string, { target }: RequestedScopes): Set<string> {
  const ids = preAuthorized(directory, clientAppId, target);
  const offered = scopesOf(target, directory.applicationByAppId(target.appId));
  return new Set(offered.filter(({ id }) => ids.has(id)).map(({ value }) => value));
}

function required(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (!value) throw refusals.parameterMissing(name);
  return value;
}

function checkVerifier({ challenge }: AuthorizationCode, verifier: string | null): void {
  if (!challenge) return;
  if (!verifier) throw refusals.verifierMismatch();
  const computed = challenge.method === "plain" ? verifier : createHash("sha256").update(verifier).digest("base64url");
  if (computed !== challenge.value) throw refusals.verifierMismatch();
}

function clientInfo(person: Person, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: person.objectId, utid: tenantId })).toString("base64url");
}
