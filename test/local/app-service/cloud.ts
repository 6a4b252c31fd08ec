import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { zipSync, strToU8 } from "fflate";
import { createAppService } from "../../../local/azure/app-service";
import { createArm } from "../../../local/azure/arm";
import { Clock } from "../../../local/azure/clock";
import { AzureError } from "../../../local/azure/error";
import { TokenRefused, type Azure, type Claims } from "../../../local/azure/service";
import type { Service } from "../../../local/azure/hosted-service";
import { newTenant } from "../../../local/azure/tenant";
import { Trace } from "../../../local/azure/trace";

/** App Service with the real ARM in front of it; Entra and Key Vault are small fakes that a test can set. */
export interface Cloud {
  readonly azure: Azure;
  readonly service: Service;
  /** Lines that apps wrote. */
  readonly log: string[];
  /** Lines that the platform wrote. */
  readonly platformLog: string[];
  /** Secrets by versionless address; `readers` are the principals that may read. */
  readonly secrets: Map<string, string>;
  readonly readers: Set<string>;
  readonly group: string;
  readonly siteId: string;
  arm(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Asks a site's own host or its SCM host. */
  ask(url: string, init?: RequestInit): Promise<Response>;
  /**
   * What the app on the site's own host answers, read as JSON. A request that a restart meets is answered by a page of the
   * platform's, as on Azure: then it is asked again, for ten seconds at most.
   */
  askApp(path?: string, init?: RequestInit): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  push(archive: Uint8Array, query?: string): Promise<Response>;
  /** Waits until a text shows up in the apps' log. */
  logged(text: string): Promise<void>;
  close(): Promise<void>;
}

const audiences = { arm: "https://management.azure.com", scm: "https://appservice.azure.com" };

/** A running cloud with a resource group, a plan and a user-assigned identity named `reader`. */
export async function createCloud(options: { healthCheckInterval?: number } = {}): Promise<Cloud> {
  const tenant = newTenant();
  const clock = new Clock();
  const secrets = new Map<string, string>();
  const readers = new Set<string>();
  const identities = new Map<string, { clientId: string; principalId: string; tenantId: string }>();
  const log: string[] = [];
  const platformLog: string[] = [];
  const waiting = new Set<() => void>();
  const azure = {
    clock,
    trace: new Trace(),
    tenant,
    call: () => Promise.reject(new Error("no other service is called")),
    environmentFor: () => Promise.resolve({ HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost,127.0.0.1" }),
    log: (line: string) => void platformLog.push(line),
    directory: {
      verify(request: Request, wanted: readonly string[]): Promise<Claims> {
        const [, audience, oid] = /^Bearer (\S+)\|(\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
        if (!audience || !oid) throw new TokenRefused("missing", "no token");
        if (!wanted.includes(audience)) throw new TokenRefused("audience", "wrong audience");
        return Promise.resolve({ oid, appid: oid, aud: audience, tid: tenant.tenantId } as unknown as Claims);
      },
      addManagedIdentity(_name: string, resourceId: string) {
        const made = { clientId: randomUUID(), principalId: randomUUID(), tenantId: tenant.tenantId };
        identities.set(resourceId, made);
        return made;
      },
      removeManagedIdentity(principalId: string) {
        for (const [id, made] of identities) if (made.principalId === principalId) identities.delete(id);
      },
      managedIdentityToken: (clientId: string, resource: string) =>
        Promise.resolve(
          [...identities.values()].some((made) => made.clientId === clientId)
            ? { accessToken: `token of ${clientId} for ${resource}`, expiresOn: 1_900_000_000 }
            : undefined,
        ),
      hasServicePrincipal: () => true,
    },
    vaults: {
      setSecret: () => ({ uri: "", uriWithVersion: "" }),
      read(uri: string, principalId: string) {
        const vault = new URL(uri).hostname;
        if (![...secrets.keys()].some((known) => new URL(known).hostname === vault)) {
          return { status: "VaultNotFound", details: "no such vault" };
        }
        if (!readers.has(principalId)) return { status: "AccessToKeyVaultDenied", details: "no role" };
        const value = secrets.get(uri);
        return value === undefined ? { status: "SecretNotFound", details: "no such secret" } : { value };
      },
    },
  } as unknown as Azure;
  const service = createAppService(azure, {
    onLog: ({ text }) => {
      log.push(text);
      for (const look of waiting) look();
    },
    ...options,
  });
  const armService = createArm(azure, () => service.resourceTypes ?? []);
  Object.assign(azure, { resources: armService.resources, roles: armService.roles });

  const deployer = tenant.deployer.objectId;
  const group = `/subscriptions/${tenant.subscriptionId}/resourceGroups/rg`;
  const siteId = `${group}/providers/Microsoft.Web/sites/echo-bot`;
  const send = async (to: Service, url: string, init?: RequestInit): Promise<Response> => {
    try {
      return await to.handle(new Request(url, init));
    } catch (error) {
      if (error instanceof AzureError) return error.toResponse();
      throw error;
    }
  };
  const cloud: Cloud = {
    azure,
    service,
    log,
    platformLog,
    secrets,
    readers,
    group,
    siteId,
    async arm(method, path, body) {
      const url = new URL(`https://management.azure.com${path}`);
      if (!url.searchParams.has("api-version")) url.searchParams.set("api-version", "2025-05-01");
      const headers = { authorization: `Bearer ${audiences.arm}|${deployer}`, "content-type": "application/json" };
      const answer = await send(armService.service, url.href, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    ask: (url, init) => send(service, url, init),
    async askApp(path = "/", init) {
      for (const end = Date.now() + 10_000; ; await pause(20)) {
        const answer = await send(service, `https://echo-bot.azurewebsites.net${path}`, init);
        const ofThePlatform = answer.status >= 502 && answer.headers.get("content-type")?.startsWith("text/html");
        if (!ofThePlatform || Date.now() > end) return answer.json();
      }
    },
    push: (archive, query = "type=zip") =>
      send(service, `https://echo-bot.scm.azurewebsites.net/api/publish?${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${audiences.scm}|${deployer}`, "content-type": "application/octet-stream" },
        body: Buffer.from(archive),
      }),
    logged: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!log.some((line) => line.includes(text))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: async () => service.close?.(),
  };
  await cloud.arm("PUT", `${group}?api-version=2024-03-01`, { location: "westeurope" });
  await cloud.arm("PUT", `${group}/providers/Microsoft.Web/serverfarms/plan`, {
    location: "westeurope",
    sku: { name: "B1" },
    properties: { reserved: true },
  });
  await cloud.arm(
    "PUT",
    `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader?api-version=2023-01-31`,
    { location: "westeurope" },
  );
  return cloud;
}

/** Body of a site as the program writes it. */
export function siteBody(
  cloud: Cloud,
  settings: Record<string, string> = {},
  change: { properties?: object; siteConfig?: object; identity?: object } = {},
): Record<string, unknown> {
  const identityId = `${cloud.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
  return {
    location: "westeurope",
    kind: "app,linux",
    identity: change.identity ?? { type: "UserAssigned", userAssignedIdentities: { [identityId]: {} } },
    properties: {
      serverFarmId: `${cloud.group}/providers/Microsoft.Web/serverfarms/plan`,
      reserved: true,
      httpsOnly: true,
      clientAffinityEnabled: false,
      keyVaultReferenceIdentity: identityId,
      ...change.properties,
      siteConfig: {
        linuxFxVersion: "NODE|24-lts",
        appCommandLine: "exec node index.js",
        appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
        ...change.siteConfig,
      },
    },
  };
}

/** The user-assigned identity's ids, as ARM shows them. */
export async function readerOf(cloud: Cloud): Promise<{ clientId: string; principalId: string }> {
  const path = `${cloud.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
  return (await cloud.arm("GET", `${path}?api-version=2023-01-31`)).body.properties;
}

/** A zip of these files, all with one time. */
export function archiveOf(files: Record<string, string>, time = "2026-01-02T03:04:06"): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])), {
    mtime: new Date(time),
  });
}

/** An app that answers with what it got, and says in its log when it starts and when it is asked to stop. */
export const echoApp = `
const { createServer } = require("node:http");
createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    if (request.url === "/crash") throw new Error("crashed on purpose");
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("content-type", "application/json");
    response.statusCode = request.url === "/healthz" ? 503 : 200;
    response.end(JSON.stringify({
      method: request.method, url: request.url, headers: request.headers,
      body: Buffer.concat(parts).toString(), env: process.env, pid: process.pid, version: "VERSION",
    }));
  });
}).listen(process.env.PORT, () => console.log(JSON.stringify({ level: 30, msg: "listening" })));
process.on("SIGTERM", () => { console.log("stopping"); process.exit(0); });
`;
