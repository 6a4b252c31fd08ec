import { randomUUID } from "node:crypto";
import { createArm, type Arm } from "../../../local/azure/arm";
import type { ResourceType } from "../../../local/azure/arm/resource-type";
import { Clock } from "../../../local/azure/clock";
import { createKeyVault } from "../../../local/azure/key-vault";
import { TokenRefused, type Azure, type Claims, type Directory } from "../../../local/azure/service";
import type { Service } from "../../../local/azure/hosted-service";
import { createStorage } from "../../../local/azure/storage";
import { newTenant, type Tenant } from "../../../local/azure/tenant";
import { Trace } from "../../../local/azure/trace";

/** What a request to ARM came back with. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are looked into by property
  readonly body: any;
}

export interface FakeAzure extends Azure {
  readonly arm: Arm;
  readonly keyVault: Service;
  readonly storage: Service;
  readonly removedPrincipals: string[];
  readonly subscription: string;
  /** A header for a principal: `Bearer <object id>|<audience>`. */
  bearer(oid: string, audience: string): string;
  /** Asks ARM as the deployer, or as another principal. `api-version` is added where the path has none. */
  ask(method: string, path: string, body?: unknown, oid?: string): Promise<Answer>;
  /** Assigns a built-in role by its GUID. */
  assign(principalId: string, role: string, scope: string): Promise<void>;
}

const versions: Record<string, string> = {
  "microsoft.authorization": "2022-04-01",
  "microsoft.managedidentity": "2023-01-31",
  "microsoft.operationalinsights": "2023-09-01",
  "microsoft.insights": "2021-05-01-preview",
  "microsoft.keyvault": "2024-11-01",
  "microsoft.storage": "2024-01-01",
  "microsoft.network": "2024-05-01",
  "microsoft.test": "2024-01-01",
};

/** ARM, Key Vault and Storage as they are, with a directory that takes the object id for a token. */
export function fakeAzure(types: readonly ResourceType[] = []): FakeAzure {
  const tenant = newTenant();
  const removedPrincipals: string[] = [];
  const azure = {
    clock: new Clock(),
    trace: new Trace(),
    tenant,
    directory: directory(tenant, removedPrincipals),
  };
  const whole = azure as unknown as FakeAzure;
  const keyVault = createKeyVault(whole);
  const storage = createStorage(whole);
  const arm = createArm(whole, () => [...types, ...(keyVault.resourceTypes ?? []), ...(storage.resourceTypes ?? [])]);
  const bearer = (oid: string, audience: string): string => `Bearer ${oid}|${audience}`;
  return Object.assign(azure, {
    arm,
    keyVault,
    storage,
    removedPrincipals,
    bearer,
    resources: arm.resources,
    roles: arm.roles,
    vaults: keyVault.vaults,
    subscription: `/subscriptions/${tenant.subscriptionId}`,
    call: () => Promise.reject(new Error("no service calls another here")),
    environmentFor: () => Promise.resolve({}),
    log: () => undefined,
    async ask(method: string, path: string, body?: unknown, oid = tenant.deployer.objectId): Promise<Answer> {
      const url = new URL(path, "https://management.azure.com");
      const namespace = /.*\/providers\/([^/]+)/i.exec(url.pathname)?.[1]?.toLowerCase();
      if (!url.searchParams.has("api-version")) {
        url.searchParams.set("api-version", versions[namespace ?? ""] ?? "2024-03-01");
      }
      const response = await arm.service.handle(
        new Request(url, {
          method,
          headers: {
            Authorization: bearer(oid, "https://management.azure.com"),
            ...(body !== undefined && { "Content-Type": "application/json" }),
          },
          ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
    async assign(principalId: string, role: string, scope: string): Promise<void> {
      const { status, body } = await whole.ask(
        "PUT",
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
        {
          properties: {
            principalId,
            principalType: "ServicePrincipal",
            roleDefinitionId: `${whole.subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
          },
        },
      );
      if (status !== 201) throw new Error(JSON.stringify(body));
    },
  }) as unknown as FakeAzure;
}

function directory({ tenantId, people }: Tenant, removed: string[]): Directory {
  return {
    async verify(request, audiences) {
      const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
      if (token === undefined) throw new TokenRefused("missing", "no token");
      const [oid, audience] = token.split("|");
      if (oid === "expired") throw new TokenRefused("expired", "expired");
      if (!audiences.includes(audience!)) throw new TokenRefused("audience", "wrong audience");
      return { oid, appid: `app of ${oid}`, aud: audience, tid: tenantId } as Claims;
    },
    tokenStoreAssertion: (tenant, subject) => Promise.resolve(`${tenant}|${subject}`),
    addManagedIdentity: () => ({ clientId: randomUUID(), principalId: randomUUID(), tenantId }),
    removeManagedIdentity: (principalId) => void removed.push(principalId),
    managedIdentityToken: () => Promise.resolve(undefined),
    hasServicePrincipal: () => false,
    principalType: (id) => (people.some(({ objectId }) => objectId === id) ? "User" : undefined),
  };
}

export const roles = {
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
};
