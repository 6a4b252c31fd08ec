import type { Connection } from "../registration";

/** What a template of `oauth2generic` can name: `{ClientId}`. */
export interface TemplateValues {
  readonly ClientId?: string;
  readonly ClientSecret?: string;
  readonly RedirectUrl?: string;
  readonly Scopes?: string;
  readonly State?: string;
  readonly Code?: string;
  readonly RefreshToken?: string;
}

/**
 * Fills a template of the Oauth 2 Generic Provider. Values are percent-encoded: they stand in a query or in a form.
 * A placeholder that has no value here, or that nobody knows, stays as it is, so that the provider's refusal shows it.
 * https://learn.microsoft.com/azure/bot-service/bot-builder-concept-identity-providers (Oauth 2 generic provider)
 */
export function fill(template: string, values: TemplateValues): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name as keyof TemplateValues];
    return value === undefined ? placeholder : encodeURIComponent(value);
  });
}

/**
 * A connection's scopes as its provider gets them. Several are written with commas, and joined with the provider's
 * delimiter; blanks between them stay as they are. Hence the documentation's advice for providers that want blanks: a comma
 * as delimiter, and blanks in the scopes.
 */
export function joinScopes(scopes: string, delimiter: string): string {
  return scopes
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean)
    .join(delimiter);
}

/** A template of the connection; the recorded default where it has none. */
export function template({ parameters }: Connection, name: string, otherwise = ""): string {
  return parameters.get(name.toLowerCase()) ?? otherwise;
}
