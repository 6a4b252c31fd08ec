import { entra } from "../../contract/connection";
import { credentialOf, federatedServiceName, fieldOf, parametersOf } from "./providers";
import { everythingDeclared } from "../facts/scopes";
import {
  apiAllowed,
  apiExample,
  exampleOf,
  federatedTenant,
  isOfOneTenant,
  namesAllowed,
  secretExample,
  tenantExample,
} from "./wrong-values";
import {
  type Circumstances,
  entraScopes,
  fieldsOf,
  type Finding,
  hidden,
  isAdopted,
  missing,
  nameOf,
  needsOf,
  providerOf,
  scopesAllowed,
  scopesExample,
  type Written,
} from "./written-connection";

export function* missingParts(connection: Written, where: Pick<Circumstances, "at">): Iterable<Finding> {
  if (connection["name"] === undefined) yield missing("name", namesAllowed, "name: GraphConnection");
  if (connection["scopes"] === undefined) yield missing("scopes", scopesAllowed(connection), scopesExample(connection));
  yield* missingOfProvider(connection, where);
  const { api = false } = needsOf(connection) ?? {};
  if (api && connection["api"] === undefined) {
    const hint = `The skill ${String(connection["skill"])} calls a service of your own with the token.`;
    yield { ...missing("api", apiAllowed, apiExample), hint };
  }
}

function* missingOfProvider(connection: Written, { at }: Pick<Circumstances, "at">): Iterable<Finding> {
  const provider = providerOf(connection);
  if (!provider) return;
  const name = nameOf(connection);
  const ownApplication = name === entra && connection["clientId"] === undefined;
  const asks = `The provider ${name} signs nobody in without it.`;
  if (!ownApplication) {
    if (credentialOf(provider, "ClientId") === "required" && connection["clientId"] === undefined) {
      yield { ...missing("clientId", "the client id that the provider gave", "clientId: Ov23liExample"), hint: asks };
    }
    const wanted = credentialOf(provider, "ClientSecret") === "required" && !isAdopted(connection);
    if (wanted && connection["clientSecret"] === undefined) {
      yield {
        ...missing("clientSecret", "the secret that the provider gave, encrypted", secretExample(at)),
        hint: asks,
      };
    }
  }
  for (const parameter of parametersOf(provider)) {
    const field = fieldOf(parameter);
    if (!parameter.required || parameter.default !== null || connection[field] !== undefined) continue;
    const allowed = parameter.description ?? "a text";
    yield { ...missing(field, allowed, `${field}: ${exampleOf(parameter)}`), hint: asks };
  }
  const ofTenant = name === federatedServiceName && isOfOneTenant(connection) && !isAdopted(connection);
  if (ofTenant && connection["tenantId"] === undefined) {
    const hint = "Bot Service would take common, for which Entra knows no federated credential.";
    yield { ...missing("tenantId", federatedTenant, tenantExample), hint };
  }
  const everything = entraScopes(connection).find(({ value }) => value === everythingDeclared);
  if (everything && ownApplication && connection["permissions"] === undefined) {
    const allowed = `the delegated permissions of ${everything.written} that the application declares`;
    const hint = `${everythingDeclared} asks for what the application declares; say what that is.`;
    yield { ...missing("permissions", allowed, "permissions: [User.Read, Mail.Read]"), hint };
  }
}

export function* secretsInClear(connection: Written, { inClear, at }: Circumstances): Iterable<Finding> {
  if (!inClear || connection["clientSecret"] === undefined || !fieldsOf(connection).includes("clientSecret")) return;
  yield {
    field: "clientSecret",
    seen: hidden,
    allowed: "an encrypted value",
    example: secretExample(at),
    hint: "It stands in clear in the stack file: renew it at the provider, then set it encrypted.",
  };
}
