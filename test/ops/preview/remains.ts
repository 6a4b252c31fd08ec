import type { Access } from "../../../infra/azure/access";
import { entraTagsOf, type Deployment, type Tags, tagsOf } from "../../../infra/deployment/tags";
import { namedAfter, ownName } from "../../../infra/facts/names";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { AzureCalls } from "../../../ops/azure/azure-calls";
import { Removal } from "../../../ops/preview/down/removal";
import { Inventory } from "../../../ops/azure/inventory";
import { type Polling, untilGone } from "../../../ops/preview/down/until-gone";
import { Portal } from "../../engine/support/portal";

export const project = "bot-sign-in";
const past = "2026-01-01T00:00:00Z";
const location = "westeurope";

/** A local Azure without an engine, in which previews have left something. */
export class Remains {
  readonly portal: Portal;
  readonly subscription: string;

  private constructor(readonly azure: LocalAzure) {
    this.portal = new Portal(azure);
    this.subscription = `/subscriptions/${azure.tenant.subscriptionId}`;
  }

  static async open(): Promise<Remains> {
    return new Remains(await startLocalAzure({ port: 0 }));
  }

  /** The same in a local Azure that somebody else opened and closes. */
  static in(azure: LocalAzure): Remains {
    return new Remains(azure);
  }

  calls(): AzureCalls {
    return new AzureCalls(this.#access());
  }

  inventory(stack: string, calls = this.calls()): Inventory {
    return new Inventory(calls, this.subscription, { project, stack }, undefined);
  }

  /** Removes all that a stack left, as `down` does where there is no state any more. */
  async remove(
    stack: string,
    polling: Polling = { inAll: 3_000, first: 20 },
  ): Promise<{
    left: string[];
    reasons: ReadonlyMap<string, string>;
  }> {
    const calls = this.calls();
    const inventory = this.inventory(stack, calls);
    const removal = new Removal(calls, inventory, undefined);
    const before = await inventory.ask();
    await removal.workspaces(before);
    await removal.living(before);
    await removal.bins(before);
    const after = await untilGone(inventory, removal, await inventory.ask(before), () => undefined, polling);
    const left = after.items.filter(({ kept }) => !kept).map(({ kind, name }) => `${kind} ${name}`);
    return { left: [...left, ...after.untold.map(({ kind }) => `${kind} not told`)].sort(), reasons: removal.reasons };
  }

  /**
   * A resource group with a workspace, a vault and a storage account, and an application with its principal and a grant.
   * @param suffix of the resources' names
   */
  async make(
    stack: string,
    deployment: Partial<Deployment> = {},
    suffix = stack.replace(/\W/g, ""),
  ): Promise<{ group: string; application: string; principal: string }> {
    const tags = tagsOf({ project, stack, expires: past, ...deployment });
    const group = await this.group(stack, deployment);
    const at = `${group}/providers`;
    await this.portal.arm("PUT", `${at}/Microsoft.OperationalInsights/workspaces/logs-${suffix}`, { location, tags });
    await this.vault(group, `vault-${suffix}`, tags);
    await this.storage(group, `state${suffix}`, tags);
    const { id, principal } = await this.application(stack, tags);
    return { group, application: id, principal };
  }

  async group(stack: string, deployment: Partial<Deployment> = {}): Promise<string> {
    const { project: of = project, component = of } = deployment;
    const name = ownName(namedAfter(of, component), stack);
    const id = `${this.subscription}/resourceGroups/${name}`;
    const tags = tagsOf({ project, stack, expires: past, ...deployment });
    await this.portal.arm("PUT", id, { location, tags });
    return id;
  }

  async storage(group: string, name: string, tags: Tags = {}): Promise<string> {
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
    await this.portal.arm("PUT", id, { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, tags });
    return id;
  }

  async vault(group: string, name: string, tags: Tags = {}): Promise<string> {
    const id = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
    await this.portal.arm("PUT", id, {
      location,
      tags,
      properties: {
        tenantId: this.azure.tenant.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    });
    return id;
  }

  async application(stack: string, tagged: Tags): Promise<{ id: string; principal: string }> {
    const tags = entraTagsOf(tagged);
    const displayName = `Mail bot (${stack})`;
    const { id, appId } = await this.portal.graph<{ id: string; appId: string }>("POST", "/applications", {
      displayName,
      tags,
      signInAudience: "AzureADMyOrg",
    });
    const { id: principal } = await this.portal.graph<{ id: string }>("POST", "/servicePrincipals", { appId, tags });
    const graph = await this.portal.graph<{ value: { id: string }[] }>(
      "GET",
      "/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'",
    );
    await this.portal.graph("POST", "/oauth2PermissionGrants", {
      clientId: principal,
      consentType: "AllPrincipals",
      resourceId: graph.value[0]!.id,
      scope: "Mail.Send",
    });
    return { id, principal };
  }

  /** Answers requests to a host in Azure's place; undefined lets one through. */
  answer(
    host: string,
    instead: (request: Request, through: () => Promise<Response>) => Promise<Response> | undefined,
  ): void {
    const service = this.azure.hosts.find(host)!;
    const handle = service.handle.bind(service);
    service.handle = (request) => {
      const through = async (): Promise<Response> => handle(request);
      return instead(request, through) ?? through();
    };
  }

  close(): Promise<void> {
    return this.azure.close();
  }

  /** The deployer's, led into the local Azure. */
  #access(): Access {
    const { tenantId, deployer } = this.azure.tenant;
    const tokens = new Map<string, Promise<string>>();
    const tokenFor = async (scope: string): Promise<string> => {
      const answer = await this.azure.call(
        "deployer",
        `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
        {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: deployer.clientId,
            client_secret: deployer.clientSecret,
            scope,
          }),
        },
      );
      return ((await answer.json()) as { access_token: string }).access_token;
    };
    return {
      fetch: (url, init) => this.azure.call("deployer", String(url), init),
      token: (scope) => {
        const token = tokens.get(scope) ?? tokenFor(scope);
        tokens.set(scope, token);
        return token;
      },
      wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
      now: () => Date.now(),
    };
  }
}
