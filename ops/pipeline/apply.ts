import { assignRole } from "../azure/roles";
import { shellWord } from "../../cli/shell-word";
import { minute } from "../../contract/time";
import { OpsError } from "../cli/ops-error";
import { randomUUID } from "node:crypto";
import { type Access, until } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { graphGet, graphWrite } from "../../infra/azure/graph";
import { ask, type GitHub, GitHubRefusal, withRetries } from "../git-hub/api";
import { graph } from "../azure/graph-permissions";
import { environmentPath } from "./at-git-hub";
import type { Part, Step } from "./part";
import { type Application, type FoundPipeline, type Resource, type RoleDefinition, versions } from "./read";
import { environmentMadeTag, type WantedPipeline } from "./wanted";

/** Milliseconds for which Azure is waited for; a storage account takes some twenty seconds, a group's deletion minutes. */
const longestOperation = 15 * minute;

/** What became of a part. */
export interface Outcome {
  readonly part: Part;
  readonly ended: "done" | "refused" | "waits";
  /** Why it was refused, or for what it waits. */
  readonly why?: string;
  /** What a person types about it. */
  readonly fix?: string;
}

/** Ids of an application: known once it was made. */
interface Identity {
  readonly id: string;
  readonly appId: string;
  readonly principalId: string;
}

/**
 * Does what is to be done, one after the other. What is refused is told, and what does not build on it is done all the same: who
 * lacks one right of several has the rest, and another one may do what is left.
 * @param told says what is being done
 */
export async function applyParts(
  access: Access,
  gitHub: GitHub,
  wanted: WantedPipeline,
  found: FoundPipeline,
  parts: readonly Part[],
  told: (what: string) => void,
): Promise<Outcome[]> {
  const work = new Work(access, gitHub, wanted, found);
  const outcomes: Outcome[] = [];
  const open = new Set(
    parts.filter(({ step, found: state }) => step === undefined && state === "missing").map(({ what }) => what),
  );
  for (const part of parts) {
    const { step, what, after = [] } = part;
    if (!step) continue;
    const missing = after.find((one) => open.has(one));
    if (missing !== undefined) {
      open.add(what);
      outcomes.push({ part, ended: "waits", why: missing });
      continue;
    }
    told(what);
    try {
      await work.do(step);
      outcomes.push({ part, ended: "done" });
    } catch (error) {
      if (!(error instanceof AzureCallError || error instanceof OpsError)) throw error;
      open.add(what);
      const fix = fixOf(step, work, wanted);
      outcomes.push({ part, ended: "refused", why: error.message, ...(fix === undefined ? {} : { fix }) });
    }
  }
  return outcomes;
}

/** What somebody with the right types instead, where that is one command. */
function fixOf(step: Step, work: Work, { identities }: WantedPipeline): string | undefined {
  if (step.do === "permission") {
    return `az ad app permission admin-consent --id ${work.identity(step.identity).appId}, by an administrator`;
  }
  if (step.do === "role") {
    const { role, scope, condition } = step.role;
    const bounded = condition === undefined ? "" : ` --condition-version 2.0 --condition ${shellWord(condition)}`;
    return assignRole(work.identity(step.identity).principalId, role, scope) + bounded;
  }
  if (step.do === "application") {
    const { name } = identities.find((one) => one.name === step.identity)!;
    return `have somebody who may register applications run this for ${name}`;
  }
  return undefined;
}

class Work {
  readonly #arm: Arm;
  readonly #identities = new Map<string, Identity>();
  /** Full ids of roles by name, those that are made here included. */
  readonly #roles: Map<string, string>;

  constructor(
    private readonly access: Access,
    private readonly gitHub: GitHub,
    private readonly wanted: WantedPipeline,
    private readonly found: FoundPipeline,
  ) {
    this.#arm = armClient(access);
    this.#roles = new Map([...found.roles].map(([name, { id }]) => [name, id]));
    for (const [name, { application, principalId }] of found.identities) {
      if (application && principalId !== undefined) {
        this.#identities.set(name, { id: application.id, appId: application.appId, principalId });
      }
    }
  }

  identity(name: string): Identity {
    return this.#identities.get(name)!;
  }

  async do(step: Step): Promise<void> {
    switch (step.do) {
      case "put":
      case "patch":
        await this.#arm[step.do](step.id, step.apiVersion, step.body);
        return this.#settled(step.id, step.apiVersion);
      case "remove":
        await this.#arm.remove(step.id, step.apiVersion);
        return this.#gone(step.id, step.apiVersion);
      case "custom role":
        return this.#customRole(step);
      case "application":
        return this.#application(step);
      case "principal":
        return this.#principal(step.identity, this.found.identities.get(step.identity)!.application!);
      case "credential":
        return this.#credential(step);
      case "permission":
        return this.#permission(step);
      case "role":
        return this.#role(step);
      case "remove application":
        return void (await graphWrite(this.access, "DELETE", `/applications/${step.id}`));
      default:
        return this.#atGitHub(step);
    }
  }

  /** Waits until Azure has made it: what is put into it is refused before. */
  async #settled(id: string, apiVersion: string): Promise<void> {
    const state = await until(this.access, longestOperation, async () => {
      const { provisioningState = "Succeeded" } = ((await this.#arm.find<Resource>(id, apiVersion))?.properties ?? {
        provisioningState: "Creating",
      }) as { provisioningState?: string };
      return /^(Succeeded|Failed|Canceled)$/.test(provisioningState) ? provisioningState : undefined;
    });
    if (state === "Succeeded") return;
    const cause = state === undefined ? "Azure has not made it in a quarter of an hour" : `Azure says ${state}`;
    throw new AzureCallError("not-made", id, cause, "Run this again.");
  }

  async #gone(id: string, apiVersion: string): Promise<void> {
    await until(
      this.access,
      longestOperation,
      async () => (await this.#arm.find(id, apiVersion)) === undefined || undefined,
    );
  }

  async #customRole({ role, id }: Extract<Step, { do: "custom role" }>): Promise<void> {
    const { name, description, actions, notActions, dataActions, subscriptionId } = role;
    const scope = `/subscriptions/${subscriptionId}`;
    const own = id ?? `${scope}/providers/Microsoft.Authorization/roleDefinitions/${randomUUID()}`;
    const before: RoleDefinition | undefined = this.found.roles.get(name.toLowerCase());
    const assignableScopes = [...new Set([...(before?.properties.assignableScopes ?? []), scope])];
    await this.#arm.put(own, versions.role, {
      properties: {
        roleName: name,
        description: before?.properties.description ?? description,
        assignableScopes,
        permissions: [{ actions, notActions, dataActions }],
      },
    });
    this.#roles.set(name.toLowerCase(), own);
  }

  async #application({ identity, displayName, tags }: Extract<Step, { do: "application" }>): Promise<void> {
    const application = { displayName, tags, signInAudience: "AzureADMyOrg" };
    const made = await graphWrite<{ id: string; appId: string }>(this.access, "POST", "/applications", application);
    await this.#principal(identity, made!);
  }

  async #principal(name: string, { id, appId }: { readonly id: string; readonly appId: string }): Promise<void> {
    const principal = await graphWrite<{ id: string }>(this.access, "POST", "/servicePrincipals", { appId });
    this.#identities.set(name, { id, appId, principalId: principal!.id });
  }

  async #credential({ identity, credential, id }: Extract<Step, { do: "credential" }>): Promise<void> {
    const path = `/applications/${this.identity(identity).id}/federatedIdentityCredentials`;
    const { name, ...changed } = credential;
    if (id === undefined) await graphWrite(this.access, "POST", path, { name, ...changed });
    else await graphWrite(this.access, "PATCH", `${path}/${id}`, changed);
  }

  /** Said by the application, so that an administrator sees what it wants; and granted, which is what counts. */
  async #permission({ identity, permission }: Extract<Step, { do: "permission" }>): Promise<void> {
    const { id, principalId } = this.identity(identity);
    const now = await graphGet<Application>(this.access, `/applications/${id}?$select=requiredResourceAccess`);
    const all = now?.requiredResourceAccess ?? [];
    const ofGraph = all.find(({ resourceAppId }) => resourceAppId === graph)?.resourceAccess ?? [];
    if (!ofGraph.some((one) => one.id === permission.id)) {
      const resourceAccess = [...ofGraph, { id: permission.id, type: "Role" }];
      const others = all.filter(({ resourceAppId }) => resourceAppId !== graph);
      await graphWrite(this.access, "PATCH", `/applications/${id}`, {
        requiredResourceAccess: [...others, { resourceAppId: graph, resourceAccess }],
      });
    }
    if (this.found.identities.get(identity)?.permissions.includes(permission.id)) return;
    // https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
    await graphWrite(this.access, "POST", `/servicePrincipals/${principalId}/appRoleAssignments`, {
      principalId,
      resourceId: this.found.graphId,
      appRoleId: permission.id,
    });
  }

  /** An assignment's condition may change; who has which role where may not. */
  async #role({ identity, role, id }: Extract<Step, { do: "role" }>): Promise<void> {
    const { scope, condition } = role;
    const definition = this.#roles.get(role.role.toLowerCase())?.split("/").at(-1);
    const [subscription] = /^\/subscriptions\/[^/]+/.exec(scope) ?? [""];
    await this.#arm.put(
      id ?? `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
      versions.role,
      {
        properties: {
          roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${definition}`,
          // With its type Azure does not look up the principal, which it may not know yet.
          principalId: this.identity(identity).principalId,
          principalType: "ServicePrincipal",
          ...(condition !== undefined && { condition, conditionVersion: "2.0" }),
        },
      },
    );
  }

  async #atGitHub(
    step: Extract<Step, { do: `${string}environment` | `${string}branch` | `${string}variable` }>,
  ): Promise<void> {
    const path = environmentPath(this.wanted.repository, step.identity);
    const send = (method: string, to: string, body?: object): Promise<unknown> =>
      withRetries(this.gitHub, () => ask(this.gitHub, method, to, body));
    switch (step.do) {
      case "environment":
        if (step.make) await this.#noteEnvironment(step.identity);
        return void (await send("PUT", path, step.body));
      case "branch":
        return void (await send("POST", `${path}/deployment-branch-policies`, { name: step.branch, type: "branch" }));
      case "remove branch":
        return void (await send("DELETE", `${path}/deployment-branch-policies/${step.id}`));
      case "variable":
        return this.#variable(step, path, send);
      case "remove environment":
        return void (await unless404(send("DELETE", path)));
      case "remove variable":
        return void (await unless404(send("DELETE", `${path}/variables/${step.name}`)));
    }
  }

  /** Before it is made, so that a run that is cut off leaves no environment of which nobody knows who made it. */
  async #noteEnvironment(identity: string): Promise<void> {
    const application = this.found.identities.get(identity)?.application;
    const { tag } = this.wanted.identities.find(({ name }) => name === identity)!;
    if (!application?.tags.includes(tag) || application.tags.includes(environmentMadeTag)) return;
    const tags = [...application.tags, environmentMadeTag];
    await graphWrite(this.access, "PATCH", `/applications/${application.id}`, { tags });
  }

  /** A variable that is there already, because an answer was lost, is no refusal. https://docs.github.com/rest/actions/variables#create-an-environment-variable */
  async #variable(
    { identity, name, value = this.identity(identity).appId, exists }: Extract<Step, { do: "variable" }>,
    path: string,
    send: (method: string, to: string, body?: object) => Promise<unknown>,
  ): Promise<void> {
    const change = (): Promise<unknown> => send("PATCH", `${path}/variables/${name}`, { name, value });
    if (exists) return void (await change());
    await send("POST", `${path}/variables`, { name, value }).catch((error: unknown) => {
      if (error instanceof GitHubRefusal && error.status === 409) return change();
      throw error;
    });
  }
}

async function unless404(sent: Promise<unknown>): Promise<void> {
  await sent.catch((error: unknown) => {
    if (!(error instanceof GitHubRefusal && error.status === 404)) throw error;
  });
}
