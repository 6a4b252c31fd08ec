import { connectionNamePattern, entra, skills } from "../../contract/connection";
import type { ProviderParameter } from "../../contract/identity-providers";
import { federatedServiceName, fieldOf, parametersOf, providerNames } from "./providers";
import { nearest } from "../settings/nearest";
import { knownGraphPermissions } from "../facts/permissions";
import { couldBeSecret, looksSecret } from "../settings/plain-secrets";
import { isSubjectTail } from "../facts/federated-subject";
import { everythingDeclared, microsoftGraph, openIdScopes, scopeOf, takesEntraScopes } from "../facts/scopes";
import { guid } from "../settings/value-types";
import {
  type Circumstances,
  everyParameter,
  exampleConnection,
  fieldsOf,
  type Finding,
  hidden,
  isAddress,
  isAdopted,
  isLater,
  isTexts,
  json,
  nameOf,
  providerOf,
  scopesAllowed,
  scopesExample,
  type Written,
} from "./written-connection";

export function* unknownFields(connection: Written, { inClear }: Circumstances): Iterable<Finding> {
  const fields = fieldsOf(connection);
  for (const field of Object.keys(connection).filter((key) => !fields.includes(key))) {
    const secret = looksSecret(field);
    const meant = nearest(field, fields);
    yield {
      code: secret && inClear ? "plain-secret" : "unknown-setting",
      field,
      seen: secret ? hidden : json(connection[field]),
      allowed: fields.join(", "),
      example: exampleConnection,
      hint: whyUnknown(connection, field, meant, inClear),
    };
  }
}

function whyUnknown(connection: Written, field: string, meant: string | undefined, inClear: boolean): string {
  if (looksSecret(field) && inClear) {
    return "Nothing takes this secret. Remove it, and renew it: it stood in clear in a file.";
  }
  if (meant) return `Did you mean ${meant}?`;
  const provider = nameOf(connection);
  if (everyParameter.includes(field) || field === "permissions" || field === "clientSecret") {
    return `The provider ${provider} takes no such parameter.`;
  }
  return "A connection has no such field.";
}

export function* wrongValues(connection: Written, { at }: Pick<Circumstances, "at">): Iterable<Finding> {
  yield* wrongName(connection);
  yield* wrongWord(connection, "provider", providerNames, entra);
  if (connection["skill"] !== undefined) yield* wrongWord(connection, "skill", skills, "mail");
  yield* wrongScopes(connection);
  yield* wrongTexts(connection, at);
  // One that was made by hand says what it was made with, and may work in a way that nobody knows here.
  if (!isAdopted(connection)) yield* wrongOfEntra(connection);
}

export const namesAllowed = "2 to 64 of the characters A-Z a-z 0-9 _ -, a letter or digit first";

/**
 * Azure's own rule, of which this program gives fewer names: connectionNameParameter of
 * https://github.com/Azure/azure-rest-api-specs/blob/main/specification/botservice/resource-manager/Microsoft.BotService/stable/2021-03-01/botservice.json
 */
const adoptedName = /^[a-zA-Z0-9][ a-zA-Z0-9_.-]{1,63}$/;

export const apiAllowed = "the https address of the service, without query";

export const apiExample = "api: https://orders.contoso.com/api";

/** @param at place of the connection in the list */
export const secretExample = (at: number): string =>
  `pulumi config set --secret --path 'connections[${at}].clientSecret'`;

/** Two underscores divide the parts of a setting's name. */
const readAsPattern = /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/;

function* wrongName(connection: Written): Iterable<Finding> {
  const { name } = connection;
  const pattern = isAdopted(connection) ? adoptedName : connectionNamePattern;
  if (name === undefined || (typeof name === "string" && pattern.test(name))) return;
  yield { field: "name", seen: json(name), allowed: namesAllowed, example: "name: GraphConnection" };
}

function* wrongWord(
  connection: Written,
  field: "provider" | "skill",
  words: readonly string[],
  example: string,
): Iterable<Finding> {
  const value = connection[field];
  if (value === undefined || (typeof value === "string" && words.includes(value))) return;
  const meant = value === "Aadv2" ? entra : typeof value === "string" ? nearest(value, words) : undefined;
  yield {
    field,
    seen: json(value),
    allowed: words.join(", "),
    example: `${field}: ${meant ?? example}`,
    ...(meant ? { hint: `Did you mean ${meant}?` } : {}),
  };
}

export function* wrongScopes(connection: Written): Iterable<Finding> {
  const { scopes, permissions } = connection;
  const inEntra = takesEntraScopes(nameOf(connection));
  if (scopes === undefined || !providerOf(connection)) return;
  const [allowed, example] = [scopesAllowed(connection), scopesExample(connection)];
  if (!Array.isArray(scopes) || (inEntra && scopes.length === 0)) {
    yield { field: "scopes", seen: json(scopes), allowed, example };
    return;
  }
  for (const [at, scope] of scopes.entries()) {
    const hint =
      typeof scope === "string" ? (inEntra ? wrongEntraScope(scope) : wrongPlainScope(scope)) : "It is no text.";
    if (hint) yield { field: `scopes[${at}]`, seen: json(scope), allowed, example, hint };
  }
  if (permissions === undefined || !inEntra) return;
  if (isTexts(permissions) && permissions.length > 0 && permissions.every((one) => /^[A-Za-z0-9._:-]+$/.test(one)))
    return;
  yield {
    field: "permissions",
    seen: json(permissions),
    allowed: "a list of the API's delegated permissions, without the API before them",
    example: "permissions: [User.Read, Mail.Read]",
  };
}

/** What is wrong with a scope of Entra as it is written; the tenant alone knows whether the API has it. */
function wrongEntraScope(text: string): string | undefined {
  const scope = scopeOf(text);
  if (!scope) return "A scope is the API, a slash and one of its permissions; without an API it is Microsoft Graph's.";
  const known = [...knownGraphPermissions.map(({ value }) => value), ...openIdScopes, everythingDeclared];
  const meant = known.find((one) => one !== scope.value && one.toLowerCase() === scope.value.toLowerCase());
  const isOfGraph = scope.resource === undefined || scope.resource === microsoftGraph;
  return meant && isOfGraph ? `Did you mean ${meant}? Scopes are case-sensitive.` : undefined;
}

/** RFC 6749, 3.3: printable characters without blank, quote and backslash. A comma divides scopes at several providers. */
function wrongPlainScope(text: string): string | undefined {
  return /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+$/.test(text)
    ? undefined
    : "Each scope is an entry of its own, without blank or comma.";
}

/** Texts that only the deployment knows (outputs of resources) are passed over. */
function* wrongTexts(connection: Written, at: number): Iterable<Finding> {
  const { api, clientId, secretless, adopted } = connection;
  if (adopted !== undefined && typeof adopted !== "boolean") {
    yield { field: "adopted", seen: json(adopted), allowed: "true or false", example: "adopted: true" };
  }
  if (secretless !== undefined && typeof secretless !== "boolean") {
    yield { field: "secretless", seen: json(secretless), allowed: "true or false", example: "secretless: true" };
  }
  if (api !== undefined && !isAddress(api)) {
    yield { field: "api", seen: json(api), allowed: apiAllowed, example: apiExample };
  }
  if (clientId !== undefined && !isLater(clientId) && !(typeof clientId === "string" && /^\S+$/.test(clientId))) {
    yield {
      field: "clientId",
      seen: json(clientId),
      allowed: "the client id that the provider gave",
      example: "clientId: Ov23liExample",
    };
  }
  const { readAs } = connection;
  if (readAs !== undefined && !(typeof readAs === "string" && readAsPattern.test(readAs))) {
    yield {
      field: "readAs",
      seen: json(readAs),
      allowed: "letters, digits and single underscores, a letter first: an app setting is named after it",
      example: "readAs: graph",
    };
  }
  const secret = connection["clientSecret"];
  if (secret !== undefined && !isLater(secret) && !(typeof secret === "string" && secret.trim() !== "")) {
    yield {
      field: "clientSecret",
      seen: hidden,
      allowed: "the secret that the provider gave, encrypted",
      example: secretExample(at),
    };
  }
  const provider = providerOf(connection);
  for (const parameter of provider ? parametersOf(provider) : []) {
    const field = fieldOf(parameter);
    const value = connection[field];
    if (value === undefined || isLater(value)) continue;
    const url = /(Url|Uri|UriAAD|UrlTemplate)$/.test(parameter.name) && parameter.name !== "TokenExchangeUrl";
    const wrong =
      typeof value !== "string"
        ? "a text"
        : url && value !== parameter.default && !isAddress(value.replace(/\{\w+\}/g, "x"))
          ? "an https address"
          : parameter.required && value === "" && parameter.default !== ""
            ? "a text that is not empty"
            : undefined;
    if (!wrong) continue;
    yield { field, seen: json(value), allowed: wrong, example: `${field}: ${exampleOf(parameter)}` };
  }
}

/** Tenants of nobody's own, at which Entra knows no federated credential: its issuer names one tenant. */
const anyTenant = ["common", "organizations", "consumers"];

export const federatedTenant = "the id of the application's tenant";

/** What Bot Service takes of an Entra connection and Entra itself does not: it would stop every sign-in. */
function* wrongOfEntra(connection: Written): Iterable<Finding> {
  const { clientId, uniqueIdentifier, tenantId } = connection;
  const name = nameOf(connection);
  if (takesEntraScopes(name) && typeof clientId === "string" && /^\S+$/.test(clientId) && !guid.read(clientId)) {
    yield {
      field: "clientId",
      // Whoever takes one of the two for the other has a secret here.
      seen: couldBeSecret(clientId) ? hidden : json(clientId),
      allowed: "the client id of an application in Entra, a GUID",
      example: "clientId: 7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
    };
  }
  if (name !== federatedServiceName) return;
  if (typeof uniqueIdentifier === "string" && uniqueIdentifier !== "" && !isSubjectTail(uniqueIdentifier)) {
    yield {
      field: "uniqueIdentifier",
      seen: json(uniqueIdentifier),
      allowed: "what stands behind the last slash of the federated credential's subject, without slash or blank",
      example: `uniqueIdentifier: ${uniqueIdentifier.trim().split("/").at(-1) || "contoso-bot"}`,
      hint: "The Token Service writes the rest of the subject by itself.",
    };
  }
  if (anyTenant.includes(String(tenantId)) && isOfOneTenant(connection)) {
    yield { field: "tenantId", seen: json(tenantId), allowed: federatedTenant, example: tenantExample };
  }
}

export const tenantExample = "tenantId: 72f988bf-86f1-41af-91ab-2d7cd011db47";

/** Whether a connection with a federated credential signs in people of one tenant: its parameter says so unless told otherwise. */
export function isOfOneTenant({ isMultiTenantFlowSupported }: Written): boolean {
  return isMultiTenantFlowSupported === undefined || isMultiTenantFlowSupported === "false";
}

export function exampleOf({
  name,
  default: standard,
  description,
}: Pick<ProviderParameter, "name" | "default" | "description">): string {
  const [, told] = /(?:Example|Example value\s+would be):?\s+(\S+)/.exec(description ?? "") ?? [];
  return standard ?? told ?? (/Ur[li]/.test(name) ? "https://login.contoso.com/oauth2/token" : "contoso");
}
