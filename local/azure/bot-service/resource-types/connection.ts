import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context, ResourceType } from "../../arm/resource-type";
import { noteFields, noteSecret } from "../../secrets";
import type { Azure, Resource } from "../../service";
import { each } from "../../members";
import { botIdOf, childName, weakEtag } from "./answer";
import { findAuthProvider, missingParameters } from "./auth-providers";
import { invalidConnection, parametersMissing, providerMismatch, providerUnknown } from "./errors";
import { apiVersions, connectionType, partOfBot } from "./names";

export interface Parameter {
  readonly key: string;
  readonly value: string | null;
}

const text = z.string().nullish();
const parameters = z.array(z.strictObject({ key: z.string(), value: text })).nullish();
const mirrored = ["clientId", "clientSecret", "scopes"];

/** `Microsoft.BotService/botServices/connections`: an OAuth connection. recorded: azure-cli test_auth_setting */
export function connectionResourceType(azure: Azure, removed: (settingId: string) => void): ResourceType {
  return {
    type: connectionType,
    level: "parent",
    apiVersions,
    name: {
      // connectionNameParameter of https://github.com/Azure/azure-rest-api-specs/blob/main/specification/botservice/resource-manager/Microsoft.BotService/stable/2021-03-01/botservice.json
      pattern: /^[A-Za-z0-9][\sA-Za-z0-9_.-]{1,63}$/,
      error: (name) =>
        invalidConnection(
          `The connection name '${name}' must have 2 to 64 of the characters A-Z a-z 0-9 _ . - and blank, a letter or digit first`,
        ),
    },
    body: partOfBot.extend({
      properties: z.strictObject({
        ...each(text, "id name settingId clientId clientSecret scopes serviceProviderDisplayName provisioningState"),
        serviceProviderId: z.string(),
        parameters,
      }),
    }),
    write: (_context, connection, before) => writeConnection(connection, before),
    // Open since 2022: https://github.com/Azure/azure-rest-api-specs/issues/18334
    written: ({ body }, connection) => {
      const bot = azure.resources.get(botIdOf(connection));
      if (bot && body.tags) bot.tags = { ...(body.tags as Record<string, string>) };
    },
    show: (connection, answer) => showConnection(azure, connection, answer),
    deleted: (_context, connection) => removed(String(connection.properties.settingId)),
    actions: {
      listwithsecrets: (_context: Context, connection: Resource) => ({
        ...showConnection(azure, connection, "PUT"),
        tags: {},
      }),
    },
  };
}

function writeConnection(connection: Resource, before: Resource | undefined): void {
  const given = connection.properties;
  const provider = findAuthProvider(String(given.serviceProviderId ?? ""));
  if (!provider) throw providerUnknown(String(given.serviceProviderId));
  // Left out, the provider's own is taken.
  const displayName = given.serviceProviderDisplayName ?? provider.displayName;
  if (displayName !== provider.displayName) throw providerMismatch();
  const parameters = (given.parameters as Parameter[] | null | undefined) ?? [];
  // Providers name theirs as they like: consumerSecret, password, ...
  for (const { key, value } of parameters) noteFields(value, key);
  const extras = parameters.filter(({ key }) => !isMirrored(key));
  const missing = missingParameters(provider, new Map(extras.map(({ key, value }) => [key.toLowerCase(), value])));
  if (missing.length > 0) throw parametersMissing(provider.displayName, missing);
  connection.properties = {
    settingId: before?.properties.settingId ?? `${randomUUID()}_${randomUUID().slice(0, 23)}`,
    clientId: given.clientId ?? "",
    // A read answers null for the secret, so that null is no new one. What Azure does with it is not recorded.
    clientSecret: noteSecret(String(given.clientSecret ?? before?.properties.clientSecret ?? "")),
    scopes: given.scopes ?? "",
    serviceProviderId: provider.id,
    serviceProviderDisplayName: provider.displayName,
    // The first value stays, whatever a later write says. Open since 2022:
    // https://github.com/Azure/azure-rest-api-specs/issues/20544
    parameters: before ? before.properties.parameters : extras.toSorted((a, b) => a.key.localeCompare(b.key)),
  };
}

const isMirrored = (key: string): boolean => mirrored.some((name) => name.toLowerCase() === key.toLowerCase());

function showConnection(azure: Azure, connection: Resource, answer: "PUT" | "GET" | "LIST"): Record<string, unknown> {
  const { settingId, clientId, clientSecret, scopes, serviceProviderId, serviceProviderDisplayName, parameters } =
    connection.properties;
  const secret = answer === "PUT" ? clientSecret : null;
  const own: Parameter[] = [
    { key: "clientId", value: clientId as string },
    { key: "clientSecret", value: secret as string | null },
    { key: "scopes", value: scopes as string },
    ...(parameters as Parameter[]),
  ];
  const provisioningState = "Succeeded";
  const name = connection.id.split("/").at(-1);
  const properties =
    answer === "LIST"
      ? { serviceProviderDisplayName, id: settingId, name, serviceProviderId, provisioningState }
      : {
          settingId,
          clientId,
          clientSecret: secret,
          scopes,
          serviceProviderId,
          serviceProviderDisplayName,
          parameters: own,
          provisioningState,
        };
  const tags = azure.resources.get(botIdOf(connection))?.tags ?? {};
  return {
    id: connection.id,
    name: childName(connection),
    type: connectionType,
    etag: weakEtag(connection, answer),
    location: connection.location,
    ...(answer !== "PUT" && { tags }),
    properties,
    zones: [],
  };
}
