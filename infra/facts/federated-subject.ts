/** Application id of the Bot Framework's Token Store, the same in every tenant: it proves itself in place of a client secret. */
export const tokenStore = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";

/** What Entra demands as the audience of a federated credential. */
export const tokenExchangeAudience = "api://AzureADTokenExchange";

/**
 * The issuer and subject under which the Token Store asks for tokens of a sign-in application without a secret. Entra
 * compares both exactly, with their case.
 * https://learn.microsoft.com/azure/bot-service/bot-builder-authentication-federated-credential
 *
 * @param tenantId of the sign-in application
 * @param uniqueIdentifier the connection's parameter of that name: the subject's tail, without a slash
 * Throws a RangeError where a tenant is no GUID or the tail has a slash or is empty.
 */
export function tokenStoreProof(tenantId: string, uniqueIdentifier: string): { issuer: string; subject: string } {
  if (!isSubjectTail(uniqueIdentifier)) {
    throw new RangeError(
      `${JSON.stringify(uniqueIdentifier)} is no unique identifier: the subject's tail alone, without slash`,
    );
  }
  return {
    issuer: `https://login.microsoftonline.com/${tenantId.toLowerCase()}/v2.0`,
    subject: `/eid1/c/pub/t/${shortGuid(tenantId)}/a/${shortGuid(tokenStore)}/${uniqueIdentifier}`,
  };
}

/** Whether a text can be the tail of the subject. */
export function isSubjectTail(text: string): boolean {
  return /^[^/\s]+$/.test(text);
}

/**
 * A GUID as the subject writes it: base64url without padding of its bytes in .NET's order, in which the first three groups
 * stand with their least significant byte first (https://learn.microsoft.com/dotnet/api/system.guid.tobytearray).
 * Throws a RangeError where it is no GUID.
 */
export function shortGuid(guid: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(guid)) {
    throw new RangeError(`${JSON.stringify(guid)} is no GUID`);
  }
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  for (const [from, to] of [
    [0, 4],
    [4, 6],
    [6, 8],
  ])
    bytes.subarray(from, to).reverse();
  return bytes.toString("base64url");
}
