import { healthRoute, messagesRoute } from "../../contract/app-settings";
import type { IdentityProvider } from "../../contract/identity-providers";
import { type Connection, entra } from "../../contract/connection";
import {
  credentialOf,
  entraServiceName,
  federatedServiceName,
  parametersOf,
  providerNamed,
  providerWithId,
} from "../connections/providers";
import { identifierUri, scopesText } from "../connections/parameters";
import { couldBeSecret, looksSecret } from "../settings/plain-secrets";
import { chatSite } from "../facts/direct-line";
import { healthProofs } from "../facts/sdks";
import { messagesAddress } from "./code";
import { connectionsOf } from "./connections";
import {
  atOwnWebApp,
  certificateNamesIn,
  guid,
  handedInEndpointOr,
  is,
  listOf,
  matching,
  ofAdopted,
  optional,
  ownNameOf,
  ownTenant,
  ownVault,
  type Context,
  type Predicate,
  text,
} from "./predicates";
import { at, type Resource, unknown } from "./resource";
import { by, name, type Rows, value } from "./rows";
import { types } from "./types";

const addresses = by("own-addresses");
const tenant = by("single-tenant");
const known = by("connections-known");

/** The provider that a resource names, as Bot Service knows it. */
function providerOf({ inputs }: Resource): IdentityProvider | undefined {
  return providerWithId(String(at(inputs, "properties.serviceProviderId") ?? at(inputs, "serviceProviderId")));
}

/** What the bot's setting says of the connection that a resource is about. */
function settingOf({ setUp, resource }: Context): Connection | undefined {
  return connectionsOf(setUp)?.find((connection) => connection.name === resource.inputs["connectionName"]);
}

const providerId: Predicate = {
  wants: "the id of the provider that the bot's setting OAUTH_CONNECTIONS names",
  test(given, context) {
    const wanted = settingOf(context);
    const provider = providerWithId(String(given));
    if (provider === undefined || wanted === undefined) return provider !== undefined;
    return providerNamed(wanted.provider)?.id === provider.id || isOwnEntra(provider, context);
  },
};

/** Whether people sign in through the set-up's own application: with its secret, or with its federated credential. */
function isOwnEntra(provider: IdentityProvider | undefined, context: Context): boolean {
  if (provider?.name === federatedServiceName) return settingOf(context)?.provider === entra;
  return provider?.name === entraServiceName;
}

const providerName: Predicate = {
  wants: "the name that Bot Service has for the provider's id",
  test: (given, { resource }) => given === providerOf(resource)?.displayName,
};

const ownClientId = ownNameOf(types.servicePrincipal, "sign-in application's client id");

/** Through the tenant people sign in with the set-up's own application; at any other provider somebody has registered one. */
const clientId: Predicate = {
  wants: `${ownClientId.wants}, or at another provider than Entra ID what that calls it`,
  test: (given, context) =>
    isOwnEntra(providerOf(context.resource), context)
      ? ownClientId.test(given, context)
      : typeof given === "string" && /^\S{1,256}$/.test(given),
};

/** A text, and nothing for a provider that takes a certificate or a federated credential in its place. */
const clientSecret: Predicate = {
  wants: "text of at most 256 characters",
  test: (given, context) => {
    const provider = providerOf(context.resource);
    const takesOne = provider === undefined || credentialOf(provider, "ClientSecret") === "required";
    return (takesOne ? text() : optional(text())).test(given, context);
  },
};

/** The bot asks for its connections by the names in its own settings, and gets no token for another (known mistake 8). */
const connectionName: Predicate = {
  wants: "the name of a connection in the bot's setting OAUTH_CONNECTIONS",
  test(given, { setUp }) {
    const connections = connectionsOf(setUp);
    return connections === undefined || connections.some((connection) => connection.name === given);
  },
};

const scopes: Predicate = {
  wants: "the scopes of the connection in the bot's setting OAUTH_CONNECTIONS",
  test(given, context) {
    const wanted = settingOf(context);
    if (wanted === undefined) return typeof given === "string" && given.length <= 4096;
    const scopeListDelimiter = parameterOf(context.resource, "ScopeListDelimiter");
    return given === scopesText({ ...wanted, ...(scopeListDelimiter === undefined ? {} : { scopeListDelimiter }) });
  },
};

const wholeNumber: Predicate = { wants: "a whole number", test: (given) => Number.isInteger(given) };

const exchange = identifierUri("");
const isExchange = matching(new RegExp(`^${exchange}[0-9a-f-]{36}$`, "i"), `${exchange}<the bot's client id>`);

/** What Entra ID is told: the tenant, and under single sign-on the address of its own application. */
const entraParameters: Readonly<Record<string, Predicate>> = { tenantId: ownTenant, tokenExchangeUrl: isExchange };

/** The same of a connection without a secret. */
const federatedParameters: Readonly<Record<string, Predicate>> = {
  TenantId: ownTenant,
  TokenExchangeUrl: isExchange,
  UniqueIdentifier: guid,
  LoginUri: is("https://login.microsoftonline.com"),
  IsMultiTenantFlowSupported: is("false"),
};

/** One parameter of a connection, by the name that its provider has for it. */
function isParameter(key: unknown, given: unknown, context: Context): boolean {
  if (given === unknown) return true;
  const provider = providerOf(context.resource);
  if (provider === undefined) return false;
  if (isOwnEntra(provider, context)) {
    const parameters = provider.name === entraServiceName ? entraParameters : federatedParameters;
    return parameters[String(key)]?.test(given, context) ?? false;
  }
  const known = parametersOf(provider).some(({ name }) => name === key);
  const isAddress = /(Url|Uri|UriAAD|UrlTemplate)$/.test(String(key)) && key !== "TokenExchangeUrl";
  // In clear a person's code or the secret itself would go to it.
  return (
    known && typeof given === "string" && (!isAddress || given === "about:blank" || /^https:\/\/[^\s@]+$/.test(given))
  );
}

const parameterList: Predicate = {
  wants:
    "the parameters of its provider: tenantId and tokenExchangeUrl of Entra ID, https addresses and templates of another",
  test: (given, context) =>
    Array.isArray(given) &&
    given.every((entry) => entry === unknown || isParameter(at(entry, "key"), at(entry, "value"), context)),
};

/** Parameters by which Bot Service shows what stands beside them as well; of a secret it shows nothing. */
const mirrored = ["clientid", "clientsecret", "scopes"];

/** The parameters of a connection that was made by hand, by their names in any case. */
const adoptedParameterList: Predicate = {
  wants: "the same in any case",
  test: (given, context) =>
    Array.isArray(given) &&
    given.every((entry) => {
      const [key, of] = [String(at(entry, "key")).toLowerCase(), at(entry, "value")];
      if (mirrored.includes(key)) return key !== "clientsecret" || of === undefined || of === null;
      const provider = providerOf(context.resource);
      const names = [
        ...Object.keys(entraParameters),
        ...(provider ? parametersOf(provider).map(({ name }) => name) : []),
      ];
      return isParameter(names.find((name) => name.toLowerCase() === key) ?? at(entry, "key"), of, context);
    }),
};

const parameterMap: Predicate = {
  wants: parameterList.wants,
  test: (given, context) =>
    typeof given === "object" &&
    given !== null &&
    Object.entries(given).every(([key, value]) => isParameter(key, value, context)) &&
    (context.resource.inputs["adopted"] === true ||
      providerOf(context.resource)?.name !== entraServiceName ||
      "tenantId" in given),
};

/** A parameter of a connection or of its check, where it is known. */
function parameterOf({ inputs }: Resource, name: string): string | undefined {
  const list = at(inputs, "properties.parameters");
  const found = Array.isArray(list)
    ? at(
        list.find((entry) => at(entry, "key") === name),
        "value",
      )
    : at(at(inputs, "parameters"), name);
  return typeof found === "string" ? found : undefined;
}

const ofBot: Rows = {
  subscriptionId: name,
  resourceGroupName: name,
  botName: addresses(ownNameOf(types.bot, "bot")),
};

/** Tags that hold no secret. */
const publicTags: Predicate = {
  wants: "tags that hold no secret",
  test: (given) =>
    Object.entries(given ?? {}).every(([tag, content]) => !looksSecret(tag) && !couldBeSecret(String(content))),
};

/** What only says what was looked at. */
const texts = value({ wants: "an object of texts", test: (given) => typeof given === "object" });

/** A page that may chat. */
const origin = handedInEndpointOr(atOwnWebApp(""), (endpoint) => endpoint.origin);

export const ownRows: Readonly<Record<string, Rows>> = {
  [types.connection]: {
    resourceGroupName: name,
    location: name,
    resourceName: addresses(ownNameOf(types.bot, "bot")),
    connectionName: known(connectionName),
    tags: by("marks")(
      ofAdopted(publicTags, { wants: "nothing: tags of a connection overwrite the bot's", test: is(undefined).test }),
    ),
    "properties.provisioningState": value(ofAdopted(text())),
    "properties.serviceProviderId": known(providerId),
    "properties.serviceProviderDisplayName": known(providerName),
    "properties.clientId": tenant(clientId),
    // An adopted connection keeps its own, which nobody can read, until it is rotated.
    "properties.clientSecret": value(ofAdopted(is(undefined), clientSecret), { secret: true }),
    "properties.scopes": by("least-rights")(scopes),
    "properties.parameters": known(ofAdopted(adoptedParameterList, parameterList)),
  },
  [types.directLineSite]: {
    ...ofBot,
    siteName: value(is(chatSite)),
    trustedOrigins: by("enhanced-authentication")(listOf(origin, 1)),
  },
  [types.webChatSite]: ofBot,
  [types.connectionCheck]: {
    ...ofBot,
    connectionName: known(connectionName),
    clientId: tenant(clientId),
    serviceProviderId: known(providerId),
    scopes: by("least-rights")(scopes),
    parameters: known(parameterMap),
    settingId: name,
    adopted: value(ofAdopted(is(true), is(false))),
  },
  [types.teamsAgreement]: {
    ...ofBot,
    stack: name,
    identifierUri: value(isExchange),
  },
  [types.deployedCode]: {
    subscriptionId: name,
    resourceGroupName: name,
    webAppName: addresses(ownNameOf(types.webApp, "web app")),
    zipPath: value(text(4096)),
    hash: by("own-code")(matching(/^[0-9a-f]{64}$/, "the hash of the bundle")),
    healthUrl: addresses(atOwnWebApp(healthRoute)),
  },
  [types.broughtCode]: {
    subscriptionId: name,
    resourceGroupName: name,
    webAppName: addresses(ownNameOf(types.webApp, "web app")),
    zipPath: value(text(4096)),
    hash: by("own-code")(matching(/^[0-9a-f]{64}$/, "the hash of the package")),
    proof: by("own-code")(is(...healthProofs)),
    healthUrl: addresses(atOwnWebApp(healthRoute)),
    messagesUrl: addresses(messagesAddress(messagesRoute)),
    settings: value(text(8192)),
  },
  [types.botHealth]: {
    hash: by("own-code")(matching(/^[0-9a-f]{64}$/, "the hash of the bundle")),
    healthUrl: addresses(atOwnWebApp(healthRoute)),
    rotation: value(wholeNumber),
  },
  [types.vaultCertificate]: {
    vaultUri: addresses(ownVault),
    certificateName: value({
      wants: "bot-certificate or bot-certificate-2; in a vault of others behind the stack's own name",
      test: (given, context) => certificateNamesIn(context, "vault-bot-certificate").includes(String(given)),
    }),
    subject: name,
    startedAt: name,
    validityMonths: by("secrets-end")({
      wants: "not more months than maximumDays have, and one",
      test: (given, { config }) => Number(given) <= Number(config["maximumDays"]) / 28 + 1,
    }),
  },
  [types.passwordProof]: {
    tenantId: tenant(ownTenant),
    clientId: tenant(guid),
    password: value(text(), { secret: true }),
    scope: value(is("https://api.botframework.com/.default", "https://graph.microsoft.com/.default")),
    ownPrincipal: value(is(true, false)),
  },
  [types.directLineKey]: { ...ofBot, siteName: value(is(chatSite)), rotation: value(wholeNumber) },
  [types.preconditions]: {
    subscriptionId: name,
    location: name,
    hostingSize: name,
    resourceGroupName: name,
    redirectAddress: name,
    tenantId: tenant(ownTenant),
    marks: texts,
    existing: texts,
    permissions: texts,
    names: texts,
    openSecrets: value(listOf(text())),
  },
  [types.protection]: { protect: value(is(true, false)), what: name },
  [types.rotationDate]: { renewed: name, asked: value(matching(/^(\d{1,6}( done)?)?$/, "a rotation, or nothing")) },
  [types.fixedSettings]: {
    location: name,
    residency: name,
    botHandle: name,
    tenant: tenant(ownTenant),
    identity: name,
  },
};
