import { createGraph } from "../../../local/azure/graph";
import { graphAppId } from "../../../local/azure/entra/graph-permissions";
import type { EntraDirectory } from "../../../local/azure/entra/directory";
import { userClaims } from "../../../local/azure/entra/tokens";
import { localEntra, post, registerApp, type LocalEntra } from "../entra/local-entra";

export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Graph over a fresh directory, without the door. */
export interface LocalGraph {
  readonly entra: LocalEntra;
  /** A token of the deployer itself. */
  readonly deployer: string;
  call(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** A delegated token of a person, with these scopes. */
  tokenOf(givenName: string, scopes: string): Promise<string>;
}

export async function localGraph(): Promise<LocalGraph> {
  const entra = localEntra();
  (entra.azure as { directory: unknown }).directory = entra.directory;
  const service = createGraph(entra.azure, entra.directory);
  // A batch makes its requests through the door.
  (entra.azure as { call: unknown }).call = (_caller: string, url: string, init: RequestInit) =>
    answered(() => service.handle(new Request(url, init)));
  const { clientId, clientSecret } = entra.azure.tenant.deployer;
  const { body } = await post(entra, entra.tokenAddress, {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: "https://graph.microsoft.com/.default",
  });
  const deployer = body["access_token"] as string;
  const { application } = registerApp(entra, "mail reader");
  return {
    entra,
    deployer,
    async call(method, path, sent, token = deployer) {
      const request = new Request(path.startsWith("https:") ? path : `https://graph.microsoft.com/v1.0${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      });
      const response = await answered(() => service.handle(request));
      const text = await response.text();
      if (text) expect(response.headers.get("content-type")).toContain("application/json");
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    },
    async tokenOf(givenName, scopes) {
      const directory = entra.directory as EntraDirectory;
      const person = directory.people.find((somebody) => somebody.givenName === givenName);
      const client = directory.servicePrincipalByAppId(application.appId);
      const graph = directory.servicePrincipalByAppId(graphAppId);
      if (!person || !client || !graph) throw new Error(`no ${givenName} here`);
      const claims = userClaims(directory, client, graph, "https://graph.microsoft.com", person, scopes.split(" "));
      return (await directory.signingKey).sign(claims);
    },
  };
}

/** A service refuses by throwing what the door turns into an answer. */
async function answered(handle: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Error && "toResponse" in error) return (error.toResponse as () => Response)();
    throw error;
  }
}

/** What a refusal's body says, without its ids and time. */
export function refusal({ status, body }: Answer): [number, string, string] {
  return [status, body.error.code, body.error.message];
}
