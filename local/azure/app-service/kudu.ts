import { strToU8, zipSync } from "fflate";
import { readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { notServed, requestOf } from "../gap";
import { router, type Call, type Handler } from "../routes";
import { streamed } from "../streamed";
import { TokenRefused, type Azure, type Claims, type Resource } from "../service";
import type { AppLog } from "./app-log";
import { kuduStatus, type Deployment, type Deployments } from "./deployments";
import { kuduError } from "./errors";
import { takesBasic } from "./publishing-credentials";

/** Audiences that the SCM host takes: the first is today's, the others are ARM's own, which it took before. */
const audiences = [
  "https://appservice.azure.com",
  "https://management.core.windows.net",
  "https://management.azure.com",
];

/** The control-plane right to push code; Website Contributor has it. */
const publishAction = "Microsoft.Web/sites/publish/Action";

/** Zip archives up to this many bytes are taken: https://learn.microsoft.com/azure/app-service/deploy-zip */
const largestArchive = 2 * 1024 ** 3;

/** What Kudu has beside what is served here: https://github.com/projectkudu/kudu/wiki/REST-API, and its pages. */
const inAzure =
  /^\/(api\/(deployments|publish|zipdeploy|wardeploy|scm|vfs|zip|zipurl|command|environment|info|settings|diagnostics|logs|logstream|processes|extensionfeed|siteextensions|continuouswebjobs|triggeredwebjobs|webjobs|jobs|hooks|functions|sshkey|runtime|dump|debug|isdynamicinstallenabled|app|deploy|fetch|site|registermsi)|logstream|dump|env|deploy|webssh|detectors|newui|debugconsole|processexplorer|wwwroot)(\/|$)/i;

/** A site as its SCM host sees it. */
export interface ScmSite {
  readonly site: Resource;
  /** Folder of the site's content. */
  readonly content: string;
  readonly deployments: Deployments;
  readonly log: AppLog;
}

/**
 * Answers a request to a site's SCM host: Kudu. Basic authentication is refused where
 * `basicPublishingCredentialsPolicies/scm` is off, as it is on every site that is set up well.
 * https://learn.microsoft.com/azure/app-service/deploy-zip#kudu-publish-api-reference
 */
export async function answerScm(azure: Azure, scm: ScmSite, request: Request): Promise<Response> {
  await checkCaller(azure, scm.site, request);
  const base = new URL(request.url).origin;
  const rows = Object.entries(routes).map(([row, handler]): [string, Handler] => [
    row,
    (call) => handler(call, { ...scm, azure, base }),
  ]);
  const answer = await router(Object.fromEntries(rows))(request);
  if (answer) return answer;
  const { pathname } = new URL(request.url);
  if (inAzure.test(pathname)) throw notServed(requestOf(request));
  throw kuduError(404, `No route for ${request.method} ${pathname}.`);
}

/** What a route works on. */
interface Asked extends ScmSite {
  readonly azure: Azure;
  /** `https://<site>.scm.azurewebsites.net` */
  readonly base: string;
}

const welcome = "Welcome, you are now connected to log-streaming service.";

const routes: Readonly<Record<string, (call: Call, asked: Asked) => Response | Promise<Response>>> = {
  "GET /": () => new Response("Kudu services of this site.", { headers: { "content-type": "text/plain" } }),
  "POST /api/publish": (call, asked) => {
    checkPublish(call.request, call.query);
    return push(call, asked, "OneDeploy", flag(call.query, "async", false));
  },
  "POST /api/zipdeploy": (call, asked) => push(call, asked, "ZipDeploy", flag(call.query, "isAsync", false)),
  "GET /api/deployments": (_call, { deployments, base, site }) =>
    Response.json(deployments.all.map((deployment) => shown(deployment, base, site.name))),
  "GET /api/deployments/{id}": ({ params, request }, { deployments, base, site }) => {
    const deployment = found(deployments, params.id!);
    const complete = deployment.endedAt !== undefined;
    return Response.json(shown(deployment, base, site.name), {
      status: complete ? 200 : 202,
      headers: complete ? {} : { location: request.url },
    });
  },
  "GET /api/deployments/{id}/log": ({ params }, { deployments }) =>
    Response.json(
      found(deployments, params.id!).log.map(({ at, text }, number) => ({
        log_time: at.toISOString(),
        id: String(number),
        message: text,
        type: 0,
        details_url: null,
      })),
    ),
  "GET /api/vfs/site/wwwroot/{path*}": ({ params }, { content }) => fileOf(content, params.path!),
  "GET /api/logs/docker": (_call, { log }) => new Response(log.text(), { headers: { "content-type": "text/plain" } }),
  "GET /logstream": (_call, { log, azure }) => endless(log.follow(`${azure.clock.now().toISOString()}  ${welcome}\n`)),
  "GET /logstream/application": (_call, { log }) => endless(log.follow("")),
  "GET /dump": (_call, { log, site }) =>
    zipOf({ [`LogFiles/${site.name}_docker.log`]: log.text() }, `${site.name}.zip`),
};
export const scmPaths: readonly string[] = Object.keys(routes);

function found(deployments: Deployments, id: string): Deployment {
  const deployment = id.toLowerCase() === "latest" ? deployments.latest : deployments.get(id);
  if (!deployment) throw kuduError(404, `Deployment '${id}' not found.`);
  return deployment;
}

async function push(
  { request, query }: Call,
  { deployments, base }: Asked,
  deployer: string,
  asynchronous: boolean,
): Promise<Response> {
  deployments.refuseAnother();
  const archive = Buffer.from(await request.arrayBuffer());
  if (archive.length === 0) throw kuduError(400, "The request's body is empty: it must be the zip archive.");
  if (archive.length > largestArchive) throw kuduError(413, "The archive is larger than 2 GB.");
  const { deployment, done } = deployments.begin({
    archive,
    clean: flag(query, "clean", true),
    restart: flag(query, "restart", true),
    deployer,
  });
  const headers = {
    "scm-deployment-id": deployment.id,
    location: `${base}/api/deployments/latest?deployer=${deployer}`,
  };
  if (asynchronous) return new Response(null, { status: 202, headers });
  await done;
  if (deployment.status === kuduStatus.failed) {
    throw kuduError(400, deployment.statusText, { "scm-deployment-id": deployment.id });
  }
  return new Response(null, { status: 200, headers: { "scm-deployment-id": deployment.id } });
}

/** One file of the content. Folders, which Kudu lists, are not served: https://github.com/projectkudu/kudu/wiki/REST-API#vfs. */
async function fileOf(content: string, path: string): Promise<Response> {
  const missing = kuduError(404, `The system cannot find the file specified: ${path}`);
  if (path === "" || path.endsWith("/")) throw notServed("Kudu's lists of folders (GET /api/vfs/.../)");
  const [home, file] = await Promise.all([realpath(content), realpath(join(content, path)).catch(() => undefined)]);
  if (!file?.startsWith(home + sep) || !(await stat(file)).isFile()) throw missing;
  return new Response(await readFile(file), { headers: { "content-type": "application/octet-stream" } });
}

const endless = (stream: ReadableStream<Uint8Array>): Response =>
  streamed(new Response(stream, { headers: { "content-type": "text/plain" } }));

function zipOf(files: Readonly<Record<string, string>>, name: string): Response {
  const bytes = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const headers = { "content-type": "application/zip", "content-disposition": `attachment; filename=${name}` };
  return new Response(Buffer.from(bytes), { headers });
}

async function checkCaller(azure: Azure, site: Resource, request: Request): Promise<void> {
  if (takesBasic(azure, site, request)) return;
  let claims: Claims;
  try {
    claims = await azure.directory.verify(request, audiences);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw kuduError(401, "Unauthorized", { "www-authenticate": `Bearer realm="${new URL(request.url).host}"` });
  }
  if (!azure.roles.allows(claims.oid, publishAction, site.id, "control")) {
    throw kuduError(403, `The caller does not have the right ${publishAction} at ${site.id}.`);
  }
}

function checkPublish(request: Request, query: URLSearchParams): void {
  const type = query.get("type");
  if (!type) throw kuduError(400, "The query parameter 'type' is missing.");
  if (["war", "jar", "ear", "lib", "static", "startup"].includes(type.toLowerCase())) {
    throw notServed(`a push of type '${type}': zip is served`);
  }
  if (type.toLowerCase() !== "zip") throw kuduError(400, `Artifact type = '${type}' not recognized`);
  if (query.has("path")) throw kuduError(400, "The query parameter 'path' is not supported with type=zip.");
  if (/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    throw notServed("a push from a packageUri: send the zip itself with Content-Type: application/octet-stream");
  }
}

function flag(query: URLSearchParams, name: string, standard: boolean): boolean {
  const value = [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return value === undefined ? standard : value.toLowerCase() === "true";
}

/** A deployment as Kudu's JSON has it. */
function shown(deployment: Deployment, base: string, siteName: string): Record<string, unknown> {
  const time = (date: Date | undefined): string | null => date?.toISOString() ?? null;
  const complete = deployment.endedAt !== undefined;
  return {
    id: deployment.id,
    status: deployment.status,
    status_text: deployment.statusText,
    author_email: "N/A",
    author: "N/A",
    deployer: deployment.deployer,
    message: deployment.deployer,
    progress: complete ? "" : "Deploying",
    received_time: time(deployment.receivedAt),
    start_time: time(deployment.startedAt ?? deployment.receivedAt),
    end_time: time(deployment.endedAt),
    last_success_end_time: deployment.status === kuduStatus.success ? time(deployment.endedAt) : null,
    complete,
    active: deployment.active,
    is_temp: !complete,
    is_readonly: true,
    url: `${base}/api/deployments/${deployment.id}`,
    log_url: `${base}/api/deployments/${deployment.id}/log`,
    site_name: siteName,
  };
}
