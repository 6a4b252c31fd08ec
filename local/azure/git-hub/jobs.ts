import { randomUUID } from "node:crypto";
import { AzureError } from "../error";
import { router, type Routes } from "../routes";
import { SigningKey } from "../entra/signing-key";
import { newTicket } from "../secrets";
import type { Service } from "../hosted-service";
import type { Azure } from "../service";
import type { Environments } from "./environments";
import { type Repositories, type Repository, subjectPrefix } from "./repositories";

/** Who vouches for jobs. https://docs.github.com/actions/reference/security/oidc */
const issuerHost = "token.actions.githubusercontent.com";
/** Where a job asks for a token of its own. */
const pipelinesHost = "pipelines.actions.githubusercontent.com";

/** A job of GitHub Actions that is about to start. */
export interface JobWanted {
  /** `contoso/mail-bot` */
  readonly repository: string;
  /** `refs/heads/main`, `refs/pull/42/merge` */
  readonly ref: string;
  readonly environment?: string;
  /** Login of whoever has let it go on, where its environment has reviewers. */
  readonly approvedBy?: string;
  /** Login of whoever started it. */
  readonly actor?: string;
}

/** The jobs that run at GitHub, as far as they sign in: each gets tokens that say which job it is. */
export class Jobs {
  readonly #running = new Map<
    string,
    { readonly job: JobWanted; readonly repository: Repository; readonly token: string }
  >();
  #key: Promise<SigningKey> | undefined;

  constructor(
    private readonly azure: Azure,
    private readonly repositories: Repositories,
    private readonly environments: Environments,
  ) {}

  /**
   * Starts a job with `permissions: id-token: write`: gives what GitHub puts into its environment, the variables of its
   * deployment environment apart, which the workflow hands over by name.
   * Throws an `Error` with GitHub's words where its environment does not let it in.
   */
  start(job: JobWanted): { readonly environment: Record<string, string>; readonly variables: Record<string, string> } {
    const [owner = "", name = ""] = job.repository.split("/");
    const repository = this.repositories.find(owner, name);
    if (!repository) throw new Error(`There is no repository ${job.repository}`);
    const variables = job.environment === undefined ? {} : this.#letIn(job, repository, job.environment);
    const [id, token] = [randomUUID(), newTicket(24, "base64url")];
    this.#running.set(id, { job, repository, token });
    return {
      environment: {
        GITHUB_ACTIONS: "true",
        GITHUB_REPOSITORY: job.repository,
        GITHUB_REF: job.ref,
        ACTIONS_ID_TOKEN_REQUEST_URL: `https://${pipelinesHost}/${id}/idtoken?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
      },
      variables,
    };
  }

  /** Rules of an environment that its branches and its reviewers make. */
  #letIn({ ref, approvedBy, actor }: JobWanted, repository: Repository, name: string): Record<string, string> {
    const environment = this.environments.find(repository, name) ?? this.environments.make(repository, name);
    const branch = ref.replace(/^refs\/heads\//, "");
    const patterns = environment.branchPolicy?.custom_branch_policies
      ? environment.branches.map((one) => one.name)
      : ["**"];
    if (!patterns.some((pattern) => fits(pattern, branch))) {
      throw new Error(`Branch "${branch}" is not allowed to deploy to ${name} due to environment protection rules.`);
    }
    const reviewers = this.environments
      .reviewersOf(environment)
      .filter((one) => !environment.preventSelfReview || one !== actor);
    if (environment.reviewers.length > 0 && !reviewers.includes(approvedBy ?? "")) {
      throw new Error(`Waiting for review: ${name} needs approval to start deploying changes.`);
    }
    return Object.fromEntries([...environment.variables].map(([variable, { value }]) => [variable, value]));
  }

  /** The key is GitHub's own, and another one in each run of the local Azure. */
  #signingKey(): Promise<SigningKey> {
    return (this.#key ??= SigningKey.make());
  }

  services(): Service[] {
    const issuer = `https://${issuerHost}`;
    const metadata: Routes = {
      "GET /.well-known/openid-configuration": () =>
        Response.json({
          issuer,
          jwks_uri: `${issuer}/.well-known/jwks`,
          subject_types_supported: ["public", "pairwise"],
          response_types_supported: ["id_token"],
          id_token_signing_alg_values_supported: ["RS256"],
          scopes_supported: ["openid"],
        }),
      "GET /.well-known/jwks": async () => Response.json({ keys: [(await this.#signingKey()).publicJwk] }),
    };
    const tokens: Routes = {
      "GET /{job}/idtoken": ({ request, query, params }) => this.#token(request, query, params.job!),
    };
    return [
      {
        name: "GitHub Actions, OIDC issuer",
        hosts: [issuerHost],
        paths: Object.keys(metadata),
        handle: answering(metadata),
      },
      {
        name: "GitHub Actions, job tokens",
        hosts: [pipelinesHost],
        paths: Object.keys(tokens),
        handle: answering(tokens),
      },
    ];
  }

  /** https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
  async #token(request: Request, query: URLSearchParams, id: string): Promise<Response> {
    const running = this.#running.get(id);
    if (!running || request.headers.get("authorization") !== `Bearer ${running.token}`) {
      throw new AzureError(401, "Unauthorized", "the job's request token is wrong", { message: "Unauthorized" });
    }
    const { job, repository } = running;
    const now = this.azure.clock.seconds();
    const value = await (
      await this.#signingKey()
    ).sign({
      jti: randomUUID(),
      iss: `https://${issuerHost}`,
      aud: query.get("audience") ?? `https://github.com/${repository.owner}`,
      sub: `${subjectPrefix(repository)}:${job.environment === undefined ? contextOf(job.ref) : `environment:${job.environment}`}`,
      repository: job.repository,
      repository_owner: repository.owner,
      ref: job.ref,
      ...(job.environment !== undefined && { environment: job.environment }),
      nbf: now - 600,
      iat: now,
      exp: now + 300,
    });
    return Response.json({ count: value.length, value });
  }
}

const contextOf = (ref: string): string => (ref.startsWith("refs/pull/") ? "pull_request" : `ref:${ref}`);

/** `*` is one part of a branch's name; `**` all of it. */
function fits(pattern: string, branch: string): boolean {
  const parts = pattern.split("**").map((part) =>
    part
      .split("*")
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^/]*"),
  );
  return new RegExp(`^${parts.join(".*")}$`).test(branch);
}

function answering(routes: Routes): Service["handle"] {
  const route = router(routes);
  return async (request) => (await route(request)) ?? new Response("Not Found", { status: 404 });
}
