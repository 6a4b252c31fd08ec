import { createHash } from "node:crypto";
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors as joseErrors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from "jose";
import type { Azure } from "../service";
import { type Application, certificateIn } from "./application";
import type { EntraDirectory } from "./directory";
import { EntraError, refusals } from "./errors";
import { tokenExchangeAppId } from "./tokens";

/** The audience that a federated identity credential names for tokens of Entra itself. */
const tokenExchange = "api://AzureADTokenExchange";

/**
 * Seconds by which a client's clock may be off. Entra publishes no figure; this is the default of Microsoft's own token
 * validation: https://learn.microsoft.com/dotnet/api/system.identitymodel.configuration.identityconfiguration.defaultmaxclockskew
 * Without it MSAL for Node.js, which rounds the present to the nearest second, would be refused every other time.
 */
const clockTolerance = 300;

/** A token request's form, with the client's name and secret wherever they were sent. */
export interface TokenForm {
  readonly fields: URLSearchParams;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** A page's script asks where there is one. */
  readonly origin: string | null;
}

/** Reads a token request. The client may name itself in the body or by HTTP Basic. Throws AADSTS9002313 for a parameter given twice. */
export async function readTokenForm(request: Request): Promise<TokenForm> {
  const form = /^application\/x-www-form-urlencoded/i.test(request.headers.get("content-type") ?? "");
  const fields = new URLSearchParams(form ? await request.text() : "");
  const names = [...fields.keys()];
  if (new Set(names).size < names.length) throw refusals.malformed();
  const basic = /^Basic +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const [user, ...secret] = basic ? Buffer.from(basic, "base64").toString("utf8").split(":") : [];
  return {
    fields,
    clientId: fields.get("client_id") ?? (user ? decodeBasic(user) : undefined),
    clientSecret: fields.get("client_secret") ?? (user ? decodeBasic(secret.join(":")) : undefined),
    origin: request.headers.get("origin"),
  };
}

/**
 * Checks that the client is who it says: by secret, by a signed assertion of its own certificate, or by another
 * issuer's token that a federated identity credential trusts.
 * Throws AADSTS7000215 (wrong secret), AADSTS7000222 (expired), AADSTS7000218 (none), AADSTS700027 (a certificate that is
 * not registered, has ended, or did not sign), AADSTS700023 and AADSTS700024 (an assertion for others, or too late), AADSTS70025
 * and AADSTS70021x (federation).
 */
export async function authenticateClient(
  azure: Azure,
  directory: EntraDirectory,
  application: Application,
  form: TokenForm,
): Promise<void> {
  const assertion = form.fields.get("client_assertion");
  if (assertion) return checkAssertion(azure, directory, application, assertion);
  if (!form.clientSecret) throw refusals.credentialMissing();
  const verdict = directory.checkPassword(application, form.clientSecret);
  if (verdict === "expired") throw refusals.secretExpired(application.appId);
  if (verdict === "wrong") throw refusals.secretWrong(application.appId);
}

/** The platform of a redirect address, which says who redeems its codes: a page's script, a desktop's client, or a server. */
export function platformOf({ spa, publicClient }: Application, redirectUri: string): "spa" | "publicClient" | "web" {
  if (spa.redirectUris.includes(redirectUri)) return "spa";
  return publicClient.redirectUris.includes(redirectUri) ? "publicClient" : "web";
}

/**
 * Refuses whoever redeems a code otherwise than its redirect address's platform has it: the Token Service, where the address
 * stands under another than Web. Throws AADSTS9002327, AADSTS9002326, AADSTS700025.
 */
export function checkPlatform({ fields, origin, clientSecret }: TokenForm, application: Application): void {
  if (fields.get("grant_type") !== "authorization_code") return;
  const platform = platformOf(application, fields.get("redirect_uri") ?? "");
  if (platform === "spa" && origin === null) throw refusals.pageOnly();
  if (platform !== "spa" && origin !== null) throw refusals.noPage();
  const shown = clientSecret !== undefined || fields.has("client_assertion");
  if (platform === "publicClient" && shown) throw refusals.clientIsPublic();
}

async function checkAssertion(
  azure: Azure,
  directory: EntraDirectory,
  application: Application,
  assertion: string,
): Promise<void> {
  const { claims, thumbprints } = decode(assertion);
  if (claims.iss === application.appId && claims.sub === application.appId) {
    return checkOwnCertificate(azure, directory, application, assertion, thumbprints);
  }
  const credentials = directory.federatedIdentityCredentials.get(application.id) ?? [];
  if (credentials.length === 0) throw refusals.federatedNone(application.displayName);
  const issuer = String(claims.iss);
  const audiences = [claims.aud ?? []].flat().map((name) => (name === tokenExchangeAppId ? tokenExchange : name));
  const ofIssuer = credentials.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) throw refusals.federatedIssuer(issuer);
  const ofSubject = ofIssuer.filter((credential) => credential.subject === claims.sub);
  if (ofSubject.length === 0) {
    const subject = String(claims.sub);
    const butForCase = ofIssuer.some((credential) => credential.subject.toLowerCase() === subject.toLowerCase());
    if (butForCase) throw refusals.federatedSubjectCase(subject);
    throw subject.startsWith("/eid1/") ? refusals.federatedTokenStore(subject) : refusals.federatedSubject(subject);
  }
  if (!ofSubject.some((credential) => credential.audiences.some((audience) => audiences.includes(audience)))) {
    throw refusals.federatedAudience(audiences.join(", "));
  }
  await checkIssuersSignature(azure, directory, issuer, assertion);
}

function decode(assertion: string): { claims: JWTPayload; thumbprints: (string | undefined)[] } {
  try {
    const header = decodeProtectedHeader(assertion);
    return { claims: decodeJwt(assertion), thumbprints: [header.x5t, header["x5t#S256"] as string | undefined] };
  } catch {
    throw refusals.assertionMalformed();
  }
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
async function checkOwnCertificate(
  azure: Azure,
  directory: EntraDirectory,
  application: Application,
  assertion: string,
  thumbprints: (string | undefined)[],
): Promise<void> {
  const found = application.keyCredentials
    .filter(({ keyId }) => directory.knowsKey(keyId))
    .flatMap((credential) => (credential.key ? [{ credential, certificate: certificateIn(credential.key) }] : []))
    .find(({ certificate: { raw } }) => thumbprints.includes(sha1(raw)) || thumbprints.includes(sha256(raw)));
  const shown = thumbprints.flatMap((one) =>
    one ? [Buffer.from(one, "base64url").toString("hex").toUpperCase()] : [],
  );
  if (!found) throw refusals.certificateUnknown(application.appId, shown.join(""));
  const { credential, certificate } = found;
  const now = azure.clock.now();
  // The credential's own end counts, which may be before the certificate's.
  const end = new Date(credential.endDateTime ?? certificate.validTo);
  const start = new Date(credential.startDateTime ?? certificate.validFrom);
  if (now >= end) {
    throw refusals.certificateExpired(application.appId, shown.join(""), american(start), american(end));
  }
  try {
    const { payload } = await jwtVerify(assertion, certificate.publicKey, {
      currentDate: now,
      clockTolerance,
      algorithms: ["PS256", "RS256"],
    });
    if (!audiencesOf(directory.tenant.tenantId).includes(String(payload.aud))) throw refusals.clientAssertionAudience();
  } catch (error) {
    if (error instanceof EntraError) throw error;
    refuseOutOfTime(error, now);
    throw refusals.assertionSignature(application.appId);
  }
}

const sha1 = (der: Buffer): string => createHash("sha1").update(der).digest("base64url");
const sha256 = (der: Buffer): string => createHash("sha256").update(der).digest("base64url");

/** `02/07/2021 17:00:39`, as Entra writes a moment in a refusal. */
function american(at: Date): string {
  const [date = "", time = ""] = at.toISOString().split(/[T.]/);
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${time}`;
}

/** What an assertion may be meant for: the tenant's token endpoint, in version 2 or 1, or the tenant as issuer. */
function audiencesOf(tenantId: string): string[] {
  const tenant = `https://login.microsoftonline.com/${tenantId}`;
  return [`${tenant}/oauth2/v2.0/token`, `${tenant}/oauth2/token`, `${tenant}/v2.0`, `${tenant}/`];
}

/** Entra's own tokens are checked by its key; another issuer's by the keys that its metadata names. */
async function checkIssuersSignature(
  azure: Azure,
  directory: EntraDirectory,
  issuer: string,
  assertion: string,
): Promise<void> {
  try {
    if (issuer.includes(directory.tenant.tenantId)) {
      await (await directory.signingKey).verify(assertion, azure.clock.now());
      return;
    }
    const keys = await issuersKeys(azure, issuer);
    await jwtVerify(assertion, createLocalJWKSet(keys), { issuer, currentDate: azure.clock.now(), clockTolerance });
  } catch (error) {
    refuseOutOfTime(error, azure.clock.now());
    if (error instanceof joseErrors.JOSEError) throw refusals.assertionSignature(issuer);
    throw refusals.federatedIssuer(issuer);
  }
}

function refuseOutOfTime(error: unknown, now: Date): void {
  const early = error instanceof joseErrors.JWTClaimValidationFailed && error.claim === "nbf";
  if (!early && !(error instanceof joseErrors.JWTExpired)) return;
  const { nbf = 0, exp = 0 } = error.payload;
  throw refusals.assertionExpired(now, new Date(nbf * 1000), new Date(exp * 1000));
}

async function issuersKeys(azure: Azure, issuer: string): Promise<JSONWebKeySet> {
  const metadata = await azure.call("Entra ID", `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const { jwks_uri: address } = (await metadata.json()) as { jwks_uri: string };
  return (await (await azure.call("Entra ID", address)).json()) as JSONWebKeySet;
}

function decodeBasic(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}
