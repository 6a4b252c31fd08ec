import type { Kept } from "../../data/folder";
import { AzureError } from "../error";
import type { Call, Routes } from "../routes";
import type { Azure } from "../service";
import { gitHubApiHost, gitHubHost, idOf, loginOf, simpleUser } from "./account";
import { refusals } from "./errors";
import type { Repository } from "./repositories";
import { team } from "./teams";

/** An environment of a repository, with what GitHub checks before a job gets into it. */
export interface DeploymentEnvironment {
  readonly id: number;
  readonly name: string;
  waitTimer: number;
  preventSelfReview: boolean;
  reviewers: readonly { readonly type: "User" | "Team"; readonly id: number }[];
  /** Undefined where every branch may be in it. */
  branchPolicy: { readonly protected_branches: boolean; readonly custom_branch_policies: boolean } | undefined;
  branches: readonly { readonly id: number; readonly name: string; readonly type: string }[];
  readonly variables: Map<string, { readonly value: string; readonly at: string }>;
  readonly createdAt: string;
}

/** What a call may do to a repository that it may see. Throws GitHub's refusal. */
export type Demand = (call: Call, right: "read" | "write" | "admin", page: string) => Repository;

const pages = {
  environments: "rest/deployments/environments#create-or-update-an-environment",
  environment: "rest/deployments/environments#get-an-environment",
  policies: "rest/deployments/branch-policies#create-deployment-branch-policy",
  variables: "rest/actions/variables#create-an-environment-variable",
} as const;

const variableName = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i;

/**
 * Environments of repositories, their branches and variables. https://docs.github.com/rest/deployments/environments,
 * https://docs.github.com/rest/deployments/branch-policies, https://docs.github.com/rest/actions/variables
 */
export class Environments {
  #environments = new Map<string, DeploymentEnvironment>();
  #last = 0;

  constructor(private readonly azure: Azure) {}

  get kept(): Kept {
    return {
      name: "GitHub environments",
      snapshot: () => ({ environments: this.#environments, last: this.#last }),
      restore: (kept) => {
        const { environments, last } = kept as { environments: Map<string, DeploymentEnvironment>; last: number };
        this.#environments = environments;
        this.#last = last;
      },
    };
  }

  find({ owner, name }: Repository, environment: string): DeploymentEnvironment | undefined {
    return this.#environments.get(keyOf(owner, name, environment));
  }

  /** One without any rule, as GitHub makes it, too, where a job names one that is not there. */
  make({ owner, name }: Repository, environment: string): DeploymentEnvironment {
    const made: DeploymentEnvironment = {
      id: ++this.#last,
      name: environment,
      waitTimer: 0,
      preventSelfReview: false,
      reviewers: [],
      branchPolicy: undefined,
      branches: [],
      variables: new Map(),
      createdAt: this.#now(),
    };
    this.#environments.set(keyOf(owner, name, environment), made);
    return made;
  }

  #now(): string {
    return this.azure.clock.now().toISOString();
  }

  routes(demand: Demand): Routes {
    const one = "/repos/{owner}/{name}/environments/{environment}";
    return {
      [`GET ${one}`]: (call) => {
        const repository = demand(call, "read", pages.environment);
        return Response.json(this.#show(repository, this.#demand(repository, call)));
      },
      [`PUT ${one}`]: (call) => this.#put(demand(call, "admin", pages.environments), call),
      [`DELETE ${one}`]: (call) => {
        const { owner, name } = demand(call, "admin", pages.environments);
        if (!this.#environments.delete(keyOf(owner, name, call.params.environment!)))
          throw refusals.notFound(pages.environment);
        return new Response(null, { status: 204 });
      },
      [`GET ${one}/deployment-branch-policies`]: (call) => {
        const { branches } = this.#demand(demand(call, "read", pages.policies), call);
        return paged(call, "branch_policies", branches, { usual: 30, most: 100 });
      },
      [`POST ${one}/deployment-branch-policies`]: (call) =>
        this.#addBranch(demand(call, "admin", pages.policies), call),
      [`DELETE ${one}/deployment-branch-policies/{id}`]: (call) => {
        const environment = this.#demand(demand(call, "admin", pages.policies), call);
        const left = environment.branches.filter(({ id }) => String(id) !== call.params.id);
        if (left.length === environment.branches.length) throw refusals.notFound(pages.policies);
        environment.branches = left;
        return new Response(null, { status: 204 });
      },
      // Nobody puts a secret into one here.
      [`GET ${one}/secrets`]: (call) => {
        this.#demand(demand(call, "write", pages.environment), call);
        return Response.json({ total_count: 0, secrets: [] });
      },
      [`GET ${one}/variables`]: (call) => {
        const { variables } = this.#demand(demand(call, "write", pages.variables), call);
        return paged(call, "variables", [...variables].map(shownVariable), { usual: 10, most: 30 });
      },
      [`GET ${one}/variables/{variable}`]: (call) => {
        const { variables } = this.#demand(demand(call, "write", pages.variables), call);
        const found = [...variables].find(([name]) => name === call.params.variable!.toUpperCase());
        if (!found) throw refusals.notFound(pages.variables);
        return Response.json(shownVariable(found));
      },
      [`POST ${one}/variables`]: (call) => this.#setVariable(demand(call, "write", pages.variables), call, 201),
      [`PATCH ${one}/variables/{variable}`]: (call) =>
        this.#setVariable(demand(call, "write", pages.variables), call, 204),
      [`DELETE ${one}/variables/{variable}`]: (call) => {
        const { variables } = this.#demand(demand(call, "write", pages.variables), call);
        if (!variables.delete(call.params.variable!.toUpperCase())) throw refusals.notFound(pages.variables);
        return new Response(null, { status: 204 });
      },
    };
  }

  #demand(repository: Repository, { params }: Call): DeploymentEnvironment {
    const found = this.find(repository, params.environment!);
    if (!found) throw refusals.notFound(pages.environment);
    return found;
  }

  /** What the body does not say is taken back. */
  async #put(repository: Repository, call: Call): Promise<Response> {
    const text = await call.request.text();
    const body = (text === "" ? {} : bodyIn(text, pages.environments)) as {
      wait_timer?: number;
      prevent_self_review?: boolean;
      reviewers?: DeploymentEnvironment["reviewers"] | null;
      deployment_branch_policy?: NonNullable<DeploymentEnvironment["branchPolicy"]> | null;
    };
    const { wait_timer = 0, prevent_self_review = false, deployment_branch_policy: policy } = body;
    const reviewers = body.reviewers ?? [];
    const refuse = (message: string): AzureError => refusals.unprocessable(message, pages.environments);
    if (!Number.isInteger(wait_timer) || wait_timer < 0 || wait_timer > 43_200) throw refuse("Validation Failed");
    if (policy && policy.protected_branches === policy.custom_branch_policies) throw refuse("Validation Failed");
    if (reviewers.length > 6 || !reviewers.every((one) => this.#isReviewer(one))) throw refuse("Validation Failed");
    // https://github.com/github-community-projects/safe-settings/issues/628
    if (prevent_self_review && reviewers.length === 0) {
      throw refuse(
        "Failed to create or update the environment protection rule. Required reviewers must have at least one reviewer to set prevent_self_review.",
      );
    }
    // https://github.com/backstage/backstage/issues/28977
    if (reviewers.length > 0 && repository.private && repository.freePlan) {
      throw refuse(
        "Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.",
      );
    }
    const environment =
      this.find(repository, call.params.environment!) ?? this.make(repository, call.params.environment!);
    Object.assign(environment, {
      waitTimer: wait_timer,
      preventSelfReview: prevent_self_review,
      reviewers,
      branchPolicy: policy ?? undefined,
      branches: policy?.custom_branch_policies ? environment.branches : [],
    });
    return Response.json(this.#show(repository, environment));
  }

  #isReviewer({ type, id }: DeploymentEnvironment["reviewers"][number]): boolean {
    if (type === "Team") return id === team.id;
    return type === "User" && this.azure.tenant.people.some((person) => idOf(person) === id);
  }

  async #addBranch(repository: Repository, call: Call): Promise<Response> {
    const environment = this.#demand(repository, call);
    if (!environment.branchPolicy?.custom_branch_policies) throw refusals.notFound(pages.policies);
    const { name, type = "branch" } = bodyIn(await call.request.text(), pages.policies) as {
      name?: string;
      type?: string;
    };
    if (!name) throw refusals.unprocessable("Validation Failed", pages.policies);
    // "Response if the same branch name pattern already exists"
    if (environment.branches.some((one) => one.name === name)) return new Response(null, { status: 303 });
    const made = { id: ++this.#last, name, type };
    environment.branches = [...environment.branches, made];
    return Response.json({ ...made, node_id: nodeId("GateBranchPolicy", made.id) });
  }

  async #setVariable(repository: Repository, call: Call, status: 201 | 204): Promise<Response> {
    const { variables } = this.#demand(repository, call);
    const body = bodyIn(await call.request.text(), pages.variables) as { name?: string; value?: string };
    const name = (call.params.variable ?? body.name ?? "").toUpperCase();
    if (!variableName.test(name) || typeof body.value !== "string" || body.value.length > 48 * 1024) {
      throw refusals.unprocessable("Validation Failed", pages.variables);
    }
    if (status === 201 && variables.has(name)) throw refusals.alreadyExists(pages.variables);
    if (status === 204 && !variables.has(name)) throw refusals.notFound(pages.variables);
    variables.set(name, { value: body.value, at: this.#now() });
    return status === 201 ? Response.json({}, { status }) : new Response(null, { status });
  }

  /** https://docs.github.com/rest/deployments/environments#get-an-environment */
  #show({ owner, name: repository }: Repository, environment: DeploymentEnvironment): object {
    const { id, name, waitTimer, preventSelfReview, reviewers, branchPolicy, createdAt } = environment;
    const rule = (type: string, more: object): object => ({ id: id * 10, node_id: nodeId("GA", id), type, ...more });
    const reviewing = reviewers.map((one) => ({ type: one.type, reviewer: this.#reviewer(one) }));
    return {
      id,
      node_id: nodeId("EN", id),
      name,
      url: `https://${gitHubApiHost}/repos/${owner}/${repository}/environments/${encodeURIComponent(name)}`,
      html_url: `https://${gitHubHost}/${owner}/${repository}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
      created_at: createdAt,
      updated_at: createdAt,
      can_admins_bypass: true,
      protection_rules: [
        ...(waitTimer > 0 ? [rule("wait_timer", { wait_timer: waitTimer })] : []),
        ...(reviewers.length > 0
          ? [rule("required_reviewers", { prevent_self_review: preventSelfReview, reviewers: reviewing })]
          : []),
        ...(branchPolicy ? [rule("branch_policy", {})] : []),
      ],
      deployment_branch_policy: branchPolicy ?? null,
    };
  }

  #reviewer({ type, id }: DeploymentEnvironment["reviewers"][number]): object {
    return type === "Team" ? team : simpleUser(this.azure.tenant.people.find((person) => idOf(person) === id)!);
  }

  /** Whom an environment's jobs wait for, by login; every member of a team. */
  reviewersOf({ reviewers }: DeploymentEnvironment): readonly string[] {
    return this.azure.tenant.people
      .filter((person) => reviewers.some(({ type, id }) => type === "Team" || id === idOf(person)))
      .map(loginOf);
  }
}

/** Names of environments are compared without case. */
const keyOf = (owner: string, name: string, environment: string): string =>
  `${owner}/${name}/${environment}`.toLowerCase();
const nodeId = (kind: string, id: number): string => `${kind}_${Buffer.from(String(id)).toString("base64url")}`;

function bodyIn(text: string, page: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusals.bodyUnreadable(page);
  }
}

const shownVariable = ([name, { value, at }]: readonly [string, { value: string; at: string }]): object => ({
  name,
  value,
  created_at: at,
  updated_at: at,
});

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function paged(
  { url, query }: Call,
  field: string,
  all: readonly object[],
  { usual, most }: { readonly usual: number; readonly most: number },
): Response {
  const size = Math.min(most, Math.max(1, Number(query.get("per_page") ?? usual) || usual));
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string): string => {
    const address = new URL(url);
    address.searchParams.set("page", String(to));
    return `<${address.href}>; rel="${rel}"`;
  };
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [];
  return Response.json(
    { total_count: all.length, [field]: all.slice((page - 1) * size, page * size) },
    links.length > 0 ? { headers: { link: links.join(", ") } } : {},
  );
}
