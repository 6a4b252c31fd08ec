import { healthRoute } from "../../contract/app-settings";
import { entra } from "../../contract/connection";
import { connectionParameters, identifierUri } from "../decisions/connections";
import { chatSite } from "../decisions/direct-line";
import { graphPermissions } from "../decisions/permissions";
import { connectionsOf } from "./connections";
import {
  atOwnWebApp,
  is,
  listOf,
  matching,
  objectOf,
  optional,
  ownNameOf,
  ownTenant,
  type Predicate,
  text,
} from "./predicates";
import { by, name, type Rows, value } from "./rows";
import { types } from "./types";

const addresses = by("own-addresses");
const tenant = by("single-tenant");
const known = by("connections-known");

/** Every provider of the contract, as Bot Service knows it. */
const knownProviders = [entra].map((provider) =>
  connectionParameters({ name: "", provider, scopes: [], skill: "mail" }, { tenantId: "" }),
);

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
  test(given, { setUp, resource }) {
    const wanted = connectionsOf(setUp)?.find((connection) => connection.name === resource.inputs["connectionName"]);
    if (wanted) return given === wanted.scopes.join(" ");
    return String(given)
      .split(" ")
      .every((scope) => scope in graphPermissions);
  },
};

const exchange = identifierUri("");
const isExchange = matching(new RegExp(`^${exchange}[0-9a-f-]{36}$`, "i"), `${exchange}<the bot's client id>`);

const ofBot: Rows = {
  subscriptionId: name,
  resourceGroupName: name,
  botName: addresses(ownNameOf(types.bot, "bot")),
};

/** What only says what was looked at. */
const texts = value({ wants: "an object of texts", test: (given) => typeof given === "object" });

/** A page that may chat. */
const origin = atOwnWebApp("");

export const ownRows: Readonly<Record<string, Rows>> = {
  [types.connection]: {
    resourceGroupName: name,
    location: name,
    resourceName: addresses(ownNameOf(types.bot, "bot")),
    connectionName: known(connectionName),
    tags: by("marks")({
      wants: "nothing: tags of a connection overwrite the bot's",
      test: (given) => given === undefined,
    }),
    "properties.serviceProviderId": known(is(...knownProviders.map(({ serviceProviderId }) => serviceProviderId))),
    "properties.serviceProviderDisplayName": name,
    "properties.clientId": tenant(ownNameOf(types.servicePrincipal, "sign-in application's client id")),
    "properties.clientSecret": value(text(), { secret: true }),
    "properties.scopes": by("least-rights")(scopes),
    "properties.parameters": known(
      listOf({
        wants: "the parameters tenantId and tokenExchangeUrl",
        test: (given, context) =>
          objectOf({ key: is("tenantId"), value: ownTenant }).test(given, context) ||
          objectOf({ key: is("tokenExchangeUrl"), value: isExchange }).test(given, context),
      }),
    ),
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
    clientId: tenant(ownNameOf(types.servicePrincipal, "sign-in application's client id")),
    serviceProviderId: known(is(...knownProviders.map(({ serviceProviderId }) => serviceProviderId))),
    scopes: by("least-rights")(scopes),
    parameters: known(objectOf({ tenantId: ownTenant, tokenExchangeUrl: optional(isExchange) })),
    settingId: name,
  },
  [types.deployedCode]: {
    subscriptionId: name,
    resourceGroupName: name,
    webAppName: addresses(ownNameOf(types.webApp, "web app")),
    zipPath: value(text(4096)),
    hash: by("own-code")(matching(/^[0-9a-f]{64}$/, "the hash of the bundle")),
    healthUrl: addresses(atOwnWebApp(healthRoute)),
  },
  [types.botHealth]: {
    hash: by("own-code")(matching(/^[0-9a-f]{64}$/, "the hash of the bundle")),
    healthUrl: addresses(atOwnWebApp(healthRoute)),
  },
  [types.preconditions]: {
    ...{ subscriptionId: name, location: name, hostingSize: name, resourceGroupName: name, redirectAddress: name },
    tenantId: tenant(ownTenant),
    ...{ marks: texts, existing: texts, permissions: texts, names: texts },
    openSecrets: value(listOf(text())),
  },
  [types.protection]: { protect: value(is(true, false)), what: name },
  [types.rotationDate]: { renewed: name },
  [types.fixedSettings]: { location: name, residency: name, botHandle: name, tenant: tenant(ownTenant) },
};
