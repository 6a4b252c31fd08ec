import { plainOAuth2 } from "../../../local/azure/bot-service/token-service/oauth2";

/** https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0 */
export const quickbooks = plainOAuth2("bb1dc32d-85e0-4607-a511-bc77ddd414b7", () => ({
  authorize: "https://appcenter.intuit.com/connect/oauth2",
  token: "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
}));
