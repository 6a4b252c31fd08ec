import { entra, skills } from "../../contract/connection";
import { nearest } from "../settings/nearest";
import { everythingDeclared, skillNeeds, takesEntraScopes } from "../facts/scopes";
import { sdks } from "../facts/sdks";
import { wrongScopes } from "./wrong-values";
import {
  type Circumstances,
  entraScopes,
  exampleScopes,
  type Finding,
  fits,
  hidden,
  isAdopted,
  isGitHubApp,
  isGraph,
  isTexts,
  json,
  nameOf,
  needsOf,
  providerOf,
  sameName,
  scopesExample,
  type Written,
} from "./written-connection";

export function* sameNames(connection: Written, { all, at }: Circumstances): Iterable<Finding> {
  const same = all.findIndex((other) => sameName(other["name"], connection["name"]));
  if (same < 0 || same >= at) return;
  yield {
    field: "name",
    seen: json(connection["name"]),
    allowed: `a name that no other connection has (connections[${same}] has it)`,
    example: `name: ${String(connection["name"])}2`,
  };
}

export function* contradictions(connection: Written): Iterable<Finding> {
  const name = nameOf(connection);
  const { clientId, clientSecret, permissions, scopes, secretless, skill } = connection;
  if (name === entra && clientId !== undefined && secretless === true) {
    yield {
      field: "secretless",
      seen: "true",
      allowed: "nothing beside the client id of an application of somebody's own",
      example: "provider: Aadv2WithFic, with uniqueIdentifier",
      hint: "The federated credential belongs to the application: who owns it adds it, and the provider Aadv2WithFic uses it.",
    };
  }
  if (name === entra && clientId === undefined) {
    if (clientSecret !== undefined) {
      yield {
        field: "clientSecret",
        seen: hidden,
        allowed: "a secret beside the client id of the application whose it is",
        example: "leave clientSecret out, or give clientId too",
        hint: "Without clientId the program makes the application, and its password itself.",
      };
    }
    // One that was made by hand says what it was made with.
    const own = isAdopted(connection) ? [] : ["tenantId", "tokenExchangeUrl"];
    for (const field of own.filter((one) => connection[one] !== undefined)) {
      yield {
        field,
        seen: json(connection[field]),
        allowed: "nothing beside an application that the program makes",
        example: field === "tenantId" ? "leave it out, or give clientId and clientSecret too" : "singleSignOn: true",
        hint: "The program's own application is in the tenant of the deployment, and single sign-on follows from the setting singleSignOn.",
      };
    }
  }
  if (isTexts(scopes) && takesEntraScopes(name)) {
    const asked = entraScopes(connection).filter(({ resource }) => resource !== undefined);
    const everything = asked.some(({ value }) => value === everythingDeclared);
    if (everything && asked.length > 1) {
      yield {
        field: "scopes",
        seen: json(scopes),
        allowed: `${everythingDeclared} alone, beside the scopes of OpenID Connect`,
        example: "scopes: [https://graph.microsoft.com/.default, offline_access]",
        hint: `Entra refuses ${everythingDeclared} together with other scopes (AADSTS70011).`,
      };
    }
    if (!everything && permissions !== undefined) {
      yield {
        field: "permissions",
        seen: json(permissions),
        allowed: `nothing without the scope <API>/${everythingDeclared}`,
        example: "scopes: [https://graph.microsoft.com/.default, offline_access]",
        hint: "Scopes that are named one by one are declared by themselves.",
      };
    }
  }
  const needs = needsOf(connection);
  if (needs && providerOf(connection) && !fits(connection, needs.providers)) {
    yield {
      field: "skill",
      seen: json(skill),
      allowed: `a skill for ${name}, or none`,
      example: `provider: ${needs.providers![0]}`,
      hint: `The skill ${String(skill)} needs a token of ${needs.providers!.join(", ")}.`,
    };
  }
  if (skill === "mail" && takesEntraScopes(name) && isTexts(scopes) && scopes.length > 0 && !isGraph(connection)) {
    yield {
      field: "skill",
      seen: json(skill),
      allowed: "a skill for the API that the scopes are of, or none",
      example: `scopes: ${exampleScopes}`,
      hint: "The skill mail needs a token for Microsoft Graph, and the scopes are of another API.",
    };
  }
}

export function* severalResources(connection: Written): Iterable<Finding> {
  const scopes = entraScopes(connection).filter(({ resource }) => resource !== undefined);
  const [first] = scopes;
  const other = scopes.find(({ resource }) => resource !== first?.resource);
  if (!first || !other) return;
  yield {
    field: "scopes",
    seen: json(connection["scopes"]),
    allowed: "scopes of one API, and those of OpenID Connect",
    example: "connections: [{ name: GraphConnection, ... }, { name: OrdersConnection, ... }]",
    hint: `${first.written} and ${other.written} are two APIs: give each a connection of its own.`,
  };
}

export function* missingScopes(connection: Written): Iterable<Finding> {
  const needs = needsOf(connection);
  const { skill, scopes, permissions } = connection;
  if (!needs || !isTexts(scopes) || wrongScopesOf(connection) || !fits(connection, needs.providers)) return;
  if (takesEntraScopes(nameOf(connection)) && !isGraph(connection)) return;
  if (scopes.length === 0 && isGitHubApp(connection)) return;
  const has = takesEntraScopes(nameOf(connection))
    ? [...entraScopes(connection).map(({ value }) => value), ...(isTexts(permissions) ? permissions : [])]
    : scopes;
  const lacking = needs.scopes.filter((any) => !any.some((one) => has.includes(one))).map(([least]) => least!);
  if (lacking.length === 0) return;
  const service = skill === "mail" ? "Microsoft Graph" : "GitHub";
  yield {
    field: "scopes",
    seen: json(scopes),
    allowed: `at least ${needs.scopes.map(([least]) => least).join(", ")} for the skill ${String(skill)}`,
    example: scopesExample(connection),
    hint: [
      `${service} would refuse the skill without ${lacking.join(", ")}.`,
      ...lacking.flatMap((wanted) => {
        const written = nearest(
          wanted,
          has.filter((one) => !needs.scopes.flat().includes(one)),
        );
        return written ? [`Did you mean ${wanted} by ${written}?`] : [];
      }),
    ].join(" "),
  };
}

function wrongScopesOf(connection: Written): boolean {
  return [...wrongScopes(connection)].length > 0;
}

export function* sameSkills(connection: Written, { all, at }: Circumstances): Iterable<Finding> {
  const same = all.findIndex((other) => other["skill"] !== undefined && other["skill"] === connection["skill"]);
  if (same < 0 || same >= at) return;
  yield {
    field: "skill",
    seen: json(connection["skill"]),
    allowed: `a skill that no other connection has (connections[${same}], ${String(all[same]!["name"])}, has it)`,
    example: "leave skill out of the one that it is not to use",
  };
}

export function* noOfflineAccess(connection: Written): Iterable<Finding> {
  const { scopes } = connection;
  if (!isTexts(scopes) || !takesEntraScopes(nameOf(connection)) || scopes.includes("offline_access")) return;
  yield {
    field: "scopes",
    seen: json(scopes),
    allowed: "scopes with offline_access",
    example: `scopes: [${[...scopes, "offline_access"].join(", ")}]`,
    hint: "Entra then gives no refresh token: users are asked to sign in again after about an hour.",
  };
}

export function* unused(connection: Written, { ownCode, ofChatPage, sdk }: Circumstances): Iterable<Finding> {
  const { name, skill, readAs } = connection;
  const asked = sdk && sdks[sdk].readAs;
  if (asked !== undefined && readAs === undefined) {
    yield {
      field: "readAs",
      allowed: asked,
      example: "readAs: graph",
      hint: `The bot's code is not told of ${String(name)}: nobody is asked to sign in to it.`,
    };
  }
  if (skill !== undefined || ownCode || ofChatPage.includes(String(name))) return;
  yield {
    field: "skill",
    allowed: skills.join(", "),
    example: `skill: ${skills.find((one) => fits(connection, skillNeeds[one].providers) && (one !== "mail" || isGraph(connection)))}`,
    hint: `The bundled bot does nothing with ${String(name)}: nobody is asked to sign in to it.`,
  };
}
