import { deployerAccess, type Access } from "../../../infra/azure/access";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import { armClient, type Arm } from "../../../infra/azure/arm";
import type { LocalAzure } from "../../../local/azure/azure";

/** API versions by which things are edited by hand. */
export const versions = {
  group: "2024-03-01",
  web: "2025-05-01",
  vault: "2024-11-01",
  roles: "2022-04-01",
} as const;

/** What a person with the deployer's rights does by hand: calls of ARM and Microsoft Graph, by their real names. */
export class ByHand {
  readonly access: Access;
  /** The program's own client: what it says of a refusal is what a person reads. */
  readonly arm: Arm;

  private constructor(environment: Record<string, string>) {
    this.access = withoutWaiting(deployerAccess(environment));
    this.arm = armClient(this.access);
  }

  static async in(azure: LocalAzure, changed: Record<string, string> = {}): Promise<ByHand> {
    return new ByHand({ ...(await azure.deployerEnvironment()), ...changed });
  }

  /** Calls ARM. @throws where it refuses */
  async call<T = unknown>(method: string, id: string, version: string, body?: unknown): Promise<T> {
    return this.#send<T>(method, `https://management.azure.com${id}?api-version=${version}`, body);
  }

  /** Calls Microsoft Graph. @throws where it refuses */
  graph<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#send<T>(method, `https://graph.microsoft.com/v1.0/${path}`, body);
  }

  async #send<T>(method: string, url: string, body: unknown): Promise<T> {
    const token = await this.access.token(`${new URL(url).origin}/.default`);
    const answer = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** What the program says of a call that Azure refuses. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return "nothing was refused";
  if (!(error instanceof AzureCallError)) throw error;
  return error.message;
}

/** Waits are over at once, and count as waited: no test sits out the minutes that a service may take. */
export function withoutWaiting(access: Access): Access {
  let waited = 0;
  return {
    ...access,
    wait: (milliseconds) => {
      waited += milliseconds;
      return new Promise(setImmediate);
    },
    now: () => access.now() + waited,
  };
}
