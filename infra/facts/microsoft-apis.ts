/**
 * Client ids of Microsoft's own APIs by the addresses that scopes give them, the same in every tenant: what saves looking
 * through a tenant's service principals. Any other API is looked up there.
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const addresses: readonly (readonly [address: RegExp, clientId: string])[] = [
  [/^https:\/\/management\.(azure|core\.windows)\.(com|net)$/, "797f4846-ba00-4fd7-ba43-dac1f8f63013"],
  [/^https:\/\/database\.windows\.net$/, "022907d3-0f1b-48f7-badc-1ba6abab6d66"],
  [/^https:\/\/vault\.azure\.net$/, "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"],
  [/^https:\/\/(storage\.azure\.com|[a-z0-9]+\.blob\.core\.windows\.net)$/, "e406a681-f3d4-42a8-90b6-c2b029497af1"],
  [/^https:\/\/analysis\.windows\.net\/powerbi\/api$/, "00000009-0000-0000-c000-000000000000"],
  [/^https:\/\/outlook\.office(365)?\.com$/, "00000002-0000-0ff1-ce00-000000000000"],
  [/^https:\/\/[a-z0-9-]+\.sharepoint\.com$/, "00000003-0000-0ff1-ce00-000000000000"],
  [/^https:\/\/[a-z0-9-]+(\.api)?\.crm\d*\.dynamics\.com$/, "00000007-0000-0000-c000-000000000000"],
];

/** The client id of Microsoft's API at an address, in small letters and without slash at the end; undefined of any other. */
export function microsoftApiAt(address: string): string | undefined {
  return addresses.find(([pattern]) => pattern.test(address))?.[1];
}
