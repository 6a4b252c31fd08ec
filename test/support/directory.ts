import type { TokenCredential } from "@azure/identity";

/** An application of the tenant, with its service principal and a secret. */
export interface ApplicationOfTenant {
  /** Object id of the application. */
  readonly id: string;
  readonly clientId: string;
  readonly secret: string;
  /** Object id of its service principal. */
  readonly principalId: string;
}

/** Registers an application by Microsoft Graph; `more` are further properties of it. */
export async function newApplication(
  credential: TokenCredential,
  displayName: string,
  more: Record<string, unknown> = {},
): Promise<ApplicationOfTenant> {
  const { id, appId } = await post<{ id: string; appId: string }>(credential, "applications", {
    displayName,
    signInAudience: "AzureADMyOrg",
    ...more,
  });
  const principal = await post<{ id: string }>(credential, "servicePrincipals", { appId });
  const { secretText } = await post<{ secretText: string }>(credential, `applications/${id}/addPassword`, {
    passwordCredential: { displayName: "test" },
  });
  return { id, clientId: appId, secret: secretText, principalId: principal.id };
}

/** Asks Microsoft Graph to make something. */
export async function post<T>(credential: TokenCredential, path: string, body: unknown): Promise<T> {
  const token = await credential.getToken("https://graph.microsoft.com/.default");
  const answer = await fetch(`https://graph.microsoft.com/v1.0/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token?.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
