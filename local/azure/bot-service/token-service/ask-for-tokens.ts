import { notServed } from "../../gap";
import type { Azure } from "../../service";
import { ProviderRefused, type TokenSet } from "./identity-provider";

/** A request to a provider's token endpoint. */
export interface TokenRequest {
  readonly url: string;
  /** Form-encoded. */
  readonly body: string;
}

/**
 * Asks a provider's token endpoint. Its answer may be JSON, or a form as GitHub's is unless asked for JSON; a refusal may
 * come with any status: GitHub refuses with 200.
 * @throws ProviderRefused
 */
export async function askForTokens(azure: Azure, { url, body }: TokenRequest): Promise<TokenSet> {
  const { hostname } = new URL(url);
  if (!azure.serves(hostname)) throw new ProviderRefused("not_served", notServed(hostname).message);
  const answer = await azure.call("Token Service", url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body,
  });
  const told = read(await answer.text());
  if (typeof told.access_token !== "string") {
    const described = told.error_description ?? told.error ?? "The provider answered without a token.";
    const temporary = answer.status === 429 || answer.status >= 500;
    throw new ProviderRefused(String(told.error ?? answer.status), String(described), temporary);
  }
  return {
    accessToken: told.access_token,
    ...(typeof told.refresh_token === "string" && told.refresh_token && { refreshToken: told.refresh_token }),
    // Absent: the token lasts until somebody revokes it (RFC 6749, 5.1 leaves it to the provider to say so elsewhere).
    ...(told.expires_in !== undefined && {
      expiresAt: azure.clock.now().getTime() + Number(told.expires_in) * 1000,
    }),
  };
}

function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}
