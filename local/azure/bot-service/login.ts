import { type Routes, served } from "../routes";
import type { Service } from "../hosted-service";
import { type ChannelKey, channelIssuer } from "./channel-key";
import { pathNotFound } from "./errors";

/** login.botframework.com: the keys with which a bot checks that an activity comes from Bot Service. */
export function createLogin(key: ChannelKey): Service {
  const routes: Routes = {
    "GET /v1/.well-known/openidconfiguration": () =>
      Response.json({
        issuer: channelIssuer,
        authorization_endpoint: "https://invalid.botframework.com",
        jwks_uri: "https://login.botframework.com/v1/.well-known/keys",
        id_token_signing_alg_values_supported: ["RS256"],
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
      }),
    "GET /v1/.well-known/keys": async () => Response.json({ keys: [await key.publicKey()] }),
  };
  return {
    name: "Bot Framework login",
    hosts: ["login.botframework.com"],
    handle: served(routes, pathNotFound).handle,
  };
}
