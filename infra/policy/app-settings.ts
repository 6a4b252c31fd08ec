import { looksSecret } from "../decisions/plain-secrets";
import { type Resource, type Rule, types } from "./rule";

interface Setting {
  readonly name: string;
  readonly value: string;
}

function settingsOf(webApp: Resource): readonly Setting[] {
  return (webApp.at("siteConfig.appSettings") as readonly Setting[] | undefined) ?? [];
}

/** A value among the app settings is shown to every contributor of the resource group, and nothing records who looked. */
export const secretsByReference: Rule = {
  name: "secrets-by-reference",
  description: "Secrets reach the web app as Key Vault references, never as values.",
  *check(resource) {
    if (resource.type !== types.webApp) return;
    for (const { name, value } of settingsOf(resource)) {
      if (!looksSecret(name.replaceAll("_", "-"))) continue;
      if (!/^@Microsoft\.KeyVault\(SecretUri=https:\/\/[^)]+\)$/.test(value)) {
        yield `App setting ${name} holds a value instead of a reference; keep the value in the vault and refer to it.`;
      }
    }
  },
};

/**
 * A bot that asks for a connection of another name gets no token (known mistake 8). The settings are remembered from
 * the web app, which the bot and its connections always follow: once deployed, Azure no longer gives settings back, so
 * a look at the whole stack would not find them.
 */
export function connectionsKnown(): Rule {
  let known: readonly string[] | undefined;
  return {
    name: "connections-known",
    description: "Every OAuth connection's name is in the bot's own settings.",
    *check(resource) {
      if (resource.type === types.webApp) {
        const { value = "[]" } = settingsOf(resource).find(({ name }) => name === "OAUTH_CONNECTIONS") ?? {};
        known = (JSON.parse(value) as { name: string }[]).map(({ name }) => name);
      }
      if (resource.type !== types.connection || known === undefined) return;
      const name = String(resource.at("connectionName"));
      if (!known.includes(name)) {
        yield `The bot's setting OAUTH_CONNECTIONS names ${known.join(", ") || "no connection"}, but not ${name}; give both the same list.`;
      }
    },
  };
}
