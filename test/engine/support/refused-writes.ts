import { decodeJwt } from "jose";
import type { LocalAzure } from "../../../local/azure/azure";
import type { Claims } from "../../../local/azure/service";
import type { Service } from "../../../local/azure/hosted-service";
import { isWrite } from "./azure-calls";
import type { AzureFault, Write } from "./azure-faults";

/** A write that met a fault. */
export interface Refused {
  /** `PUT /subscriptions/.../sites/x` */
  readonly write: string;
  readonly status: number;
  readonly code: string;
}

/**
 * Refuses every write of the deployer once; what is written again goes through. With another audience of the token it is
 * refused once more: a missing right does not depend on that.
 */
export class RefusedWrites {
  /** In order, since the last {@link taken}; by name, because another audience of the token is no other write. */
  readonly #refused = new Map<string, Refused>();
  readonly #met = new Set<string>();
  #fault: AzureFault | undefined;

  /** Stands behind the door, where the bodies are. Refuses nothing yet. */
  static in(azure: LocalAzure): RefusedWrites {
    const writes = new RefusedWrites();
    const hosts = ["management.azure.com", "graph.microsoft.com", "any.scm.azurewebsites.net"];
    for (const service of new Set(hosts.flatMap((host) => azure.hosts.find(host) ?? []))) {
      writes.#stand(service, azure.tenant.deployer.clientId);
    }
    return writes;
  }

  /** From now on every write meets this fault once; without one none does. */
  meet(fault?: AzureFault): void {
    this.#fault = fault;
    this.#met.clear();
    this.#refused.clear();
  }

  /** What was refused since this was asked last. */
  taken(): Refused[] {
    const refused = [...this.#refused.values()];
    this.#refused.clear();
    return refused;
  }

  #stand(service: Service, deployer: string): void {
    const handle = service.handle.bind(service);
    service.handle = async (request) => {
      const write = this.#fault && (await writeOf(service.name, request, deployer));
      const answer = write && this.#fault?.(write);
      if (!write || !answer) return handle(request);
      const name = nameOf(write);
      const met = `${name} ${String(write.caller.aud)}`;
      if (this.#met.has(met)) return handle(request);
      this.#met.add(met);
      this.#refused.set(name, { write: `${write.method} ${write.path}`, status: answer.status, code: answer.code });
      return answer.toResponse();
    };
  }
}

async function writeOf(service: string, request: Request, deployer: string): Promise<Write | undefined> {
  const { method } = request;
  const path = new URL(request.url).pathname;
  const token = /^Bearer (\S+\.\S+\.\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token || !isWrite({ caller: "deployer", method, url: request.url })) return undefined;
  const caller = decodeJwt<Claims>(token);
  if (caller.appid !== deployer) return undefined;
  const json = /json/.test(request.headers.get("content-type") ?? "");
  const body = json ? ((await request.clone().json()) as Record<string, unknown>) : {};
  return { service, method, path, body, caller, request };
}

/**
 * Two PATCHes of one application, or two PUTs of one channel, are two writes. The passing name of a new object makes none,
 * nor does the name of a role assignment, which each `up` makes anew until it exists.
 */
function nameOf({ method, path, body }: Write): string {
  const where = path.replace(/\/roleAssignments\/.*/i, "/roleAssignments/*");
  return `${method} ${where} ${JSON.stringify(body).replace(/TERRAFORM_UPDATE_[^"]*/, "TERRAFORM_UPDATE")}`;
}

/** What was refused, by kind: `PUT Microsoft.KeyVault/vaults/secrets`, `PATCH applications`. */
export function kindsOf(refused: readonly { readonly write: string }[]): string[] {
  return [...new Set(refused.map(({ write }) => kindOf(write)))].sort();
}

function kindOf(write: string): string {
  const [method = "", path = ""] = write.split(" ");
  const below = /.*\/providers\/(.*)/i.exec(path)?.[1];
  if (below !== undefined) {
    const [namespace, ...segments] = below.split("/");
    return `${method} ${namespace}/${segments.filter((_segment, at) => at % 2 === 0).join("/")}`;
  }
  if (/^\/subscriptions\//i.test(path)) return `${method} resourceGroups`;
  return `${method} ${path.replace(/^\/(v1\.0\/)?/, "").replace(/\/[0-9a-f-]{36}/g, "")}`;
}
