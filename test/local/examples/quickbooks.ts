import type { ProviderRow } from "../../../contract/provider-endpoints";

/** https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0 */
export const quickbooks: ProviderRow = [
  "bb1dc32d-85e0-4607-a511-bc77ddd414b7",
  "https://appcenter.intuit.com/connect/oauth2",
  "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
];
