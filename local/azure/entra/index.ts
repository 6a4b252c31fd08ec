import { router } from "../routes";
import type { Azure, Directory } from "../service";
import type { Service } from "../hosted-service";
import { AuthorizeEndpoint } from "./authorize-endpoint";
import { EntraDirectory } from "./directory";
import { deviceAuthorization } from "./device-authorization";
import { DeviceCodes } from "./device-codes";
import { discoveryRoutes } from "./discovery";
import type { DirectoryStore } from "./directory-store";
import { EntraError, errorBody, occurrence } from "./errors";
import { IssuedGrants } from "./issued-grants";
import { TokenEndpoint } from "./token-endpoint";

/**
 * Entra ID of the local Azure, and the directory that it shares with Microsoft Graph.
 * @param browserOrigin `http://localhost:<port>`, where a browser without a proxy finds the pages
 */
export function createEntra(
  azure: Azure,
  browserOrigin: () => string,
): { service: Service; directory: Directory & DirectoryStore } {
  const directory = new EntraDirectory(azure.tenant, azure.clock);
  const issued = new IssuedGrants(directory);
  const devices = new DeviceCodes(azure.clock);
  const tokens = new TokenEndpoint(azure, directory, issued, devices);
  const authorize = new AuthorizeEndpoint(azure, directory, issued, devices);
  const route = router({
    ...discoveryRoutes(directory),
    "POST /{tenant}/oauth2/v2.0/token": (call) => tokens.answer(call),
    "POST /{tenant}/oauth2/v2.0/devicecode": (call) => deviceAuthorization(call, directory, devices, browserOrigin()),
    ...authorize.routes,
  });
  const service: Service = {
    name: "Entra ID",
    hosts: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com"],
    signOut: "/common/oauth2/v2.0/logout",
    kept: [...directory.kept, issued.kept],
    async handle(request) {
      try {
        return (await route(request)) ?? new Response("The page cannot be found.", { status: 404 });
      } catch (error) {
        if (!(error instanceof EntraError)) throw error;
        return Response.json(errorBody(error, occurrence(request, azure.clock)), { status: error.status });
      }
    },
  };
  return { service, directory };
}
