import { router } from "../routes";
import type { Azure, Directory, Service } from "../service";
import { AuthorizeEndpoint } from "./authorize-endpoint";
import { EntraDirectory } from "./directory";
import { discoveryRoutes } from "./discovery";
import type { DirectoryStore } from "./directory-store";
import { EntraError, errorBody, occurrence } from "./errors";
import { IssuedGrants } from "./issued-grants";
import { TokenEndpoint } from "./token-endpoint";

/** Entra ID of the local Azure, and the directory that it shares with Microsoft Graph. */
export function createEntra(azure: Azure): { service: Service; directory: Directory & DirectoryStore } {
  const directory = new EntraDirectory(azure.tenant, azure.clock);
  const issued = new IssuedGrants(directory);
  const tokens = new TokenEndpoint(azure, directory, issued);
  const authorize = new AuthorizeEndpoint(azure, directory, issued);
  const route = router({
    ...discoveryRoutes(directory),
    "POST /{tenant}/oauth2/v2.0/token": (call) => tokens.answer(call),
    ...authorize.routes,
  });
  const service: Service = {
    name: "Entra ID",
    hosts: ["login.microsoftonline.com", "login.windows.net"],
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
