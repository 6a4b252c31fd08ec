import { randomUUID } from "node:crypto";
import { notServed, requestOf } from "../gap";
import { AzureError } from "../error";
import { each } from "../members";
import type { OAuthClient } from "../oauth-clients";
import { type Call, router, type Routes } from "../routes";
import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import type { Person } from "../tenant";
import { gitHubApiHost, gitHubHost, idOf, loginOf, simpleUser } from "./account";
import type { Environments } from "./environments";
import { refusals } from "./errors";
import { type GitHubGrants, isGitHubApp } from "./grants";
import { RateLimit } from "./rate-limit";
import { type Repositories, type Repository, showRepository, subjectPrefix } from "./repositories";
import { team } from "./teams";

/** Whose token a request brought. */
interface Caller {
  readonly person: Person;
  readonly client: OAuthClient;
  readonly scopes: readonly string[];
}

/** What the REST API shows of its calls: where each is documented, and the OAuth scopes that it accepts. */
const pages = {
  user: "rest/users/users#get-the-authenticated-user",
  issues: "rest/issues/issues#list-issues-assigned-to-the-authenticated-user",
  repository: "rest/repos/repos#get-a-repository",
  newIssue: "rest/issues/issues#create-an-issue",
  token: "rest/apps/oauth-applications#delete-an-app-token",
  someUser: "rest/users/users#get-a-user",
  team: "rest/teams/teams#get-a-team-by-name",
  subject: "rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository",
} as const;

/** api.github.com: https://docs.github.com/rest */
export function createApi(
  azure: Azure,
  grants: GitHubGrants,
  repositories: Repositories,
  environments: Environments,
): Service {
  const limit = new RateLimit(() => azure.clock);
  const api = new Api(azure, grants, repositories);
  const routes: Routes = {
    "GET /user": (call) => api.user(call),
    "GET /issues": (call) => api.issues(call),
    "GET /repos/{owner}/{name}": (call) => api.repository(call),
    "POST /repos/{owner}/{name}/issues": (call) => api.openIssue(call),
    "GET /repos/{owner}/{name}/actions/oidc/customization/sub": (call) => api.subject(call),
    ...environments.routes((call, right, page) => api.demand(call, right, page)),
    "GET /users/{login}": (call) => api.someUser(call),
    "GET /orgs/{owner}/teams/{slug}": (call) => api.team(call),
    "DELETE /applications/{clientId}/token": (call) => api.deleteToken(call),
    "DELETE /applications/{clientId}/grant": (call) => api.deleteGrant(call),
    "GET /rate_limit": ({ request }) => {
      const core = limit.show(api.caller(request)?.person);
      return Response.json({ resources: { core }, rate: core });
    },
  };
  const route = router(routes);
  return {
    name: "GitHub API",
    hosts: [gitHubApiHost],
    paths: Object.keys(routes),
    kept: [repositories.kept, environments.kept],
    handle: async (request) => {
      if (!request.headers.get("user-agent")) throw refusals.userAgentMissing();
      const caller = api.caller(request);
      const { pathname } = new URL(request.url);
      const spent = pathname === "/rate_limit" ? limit.headers(caller?.person) : limit.spend(caller?.person);
      const headers = { ...common(caller), ...spent };
      try {
        if (caller === undefined && bearerOf(request) !== undefined) throw refusals.badCredentials();
        if (caller && limit.isOver(caller.person)) throw refusals.rateLimited(idOf(caller.person), {});
        const answer = await route(request);
        if (!answer) throw notServed(requestOf(request), "GitHub may");
        for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
        return answer;
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        const { status, code, message, body } = error;
        throw new AzureError(status, code, message, body, { ...headers, ...error.headers });
      }
    },
  };
}

class Api {
  constructor(
    private readonly azure: Azure,
    private readonly grants: GitHubGrants,
    private readonly repositories: Repositories,
  ) {}

  /** Whose token the request brought; undefined where it brought none, or one that is no good. */
  caller(request: Request): Caller | undefined {
    return this.grants.bearer(bearerOf(request) ?? "");
  }

  #require(call: Call, page: string): Caller {
    const caller = this.caller(call.request);
    if (!caller) throw refusals.authenticationRequired(page);
    return caller;
  }

  user(call: Call): Response {
    const { person } = this.#require(call, pages.user);
    return Response.json({
      ...simpleUser(person),
      name: person.name,
      company: "Contoso",
      blog: "",
      location: null,
      email: person.mail,
      hireable: null,
      bio: person.jobTitle,
      ...each(0, "public_repos public_gists followers following"),
      created_at: "2024-01-08T09:00:00Z",
      updated_at: "2026-01-08T09:00:00Z",
    });
  }

  issues(call: Call): Response {
    const caller = this.#require(call, pages.issues);
    const { query } = call;
    const state = query.get("state") ?? "open";
    const filter = query.get("filter") ?? "assigned";
    if (filter !== "assigned") throw notServed(`${gitHubApiHost}/issues?filter=${filter}`, "GitHub does");
    const size = Math.min(100, Number(query.get("per_page") ?? 30) || 30);
    const start = (Math.max(1, Number(query.get("page") ?? 1) || 1) - 1) * size;
    const found = this.repositories
      .assignedTo(String(simpleUser(caller.person).login))
      .filter(({ repository }) => mayRead(caller, repository))
      .filter(({ issue }) => state === "all" || issue.state === state);
    return Response.json(found.slice(start, start + size).map((one) => this.repositories.show(one, true)));
  }

  repository(call: Call): Response {
    const repository = this.#repository(call, mayRead, pages.repository);
    const { person } = this.#require(call, pages.repository);
    const admin = person.administrator;
    const permissions = { admin, maintain: admin, push: true, triage: true, pull: true };
    return Response.json({ ...showRepository(repository), permissions });
  }

  /** A repository with which the caller may do that: its environments are made by an administrator alone. */
  demand(call: Call, right: "read" | "write" | "admin", page: string): Repository {
    const repository = this.#repository(call, right === "read" ? mayRead : mayWrite, page);
    if (right === "admin" && !this.#require(call, page).person.administrator) throw refusals.adminOnly(page);
    return repository;
  }

  subject(call: Call): Response {
    const repository = this.#repository(call, mayRead, pages.subject);
    return Response.json({
      use_default: true,
      use_immutable_subject: repository.immutableSubject,
      sub_claim_prefix: subjectPrefix(repository),
    });
  }

  someUser(call: Call): Response {
    this.#require(call, pages.someUser);
    const found = this.azure.tenant.people.find((person) => loginOf(person) === call.params.login?.toLowerCase());
    if (!found) throw refusals.notFound(pages.someUser);
    return Response.json(simpleUser(found));
  }

  team(call: Call): Response {
    const { client, scopes } = this.#require(call, pages.team);
    const mayRead = isGitHubApp(client) || scopes.some((one) => /^(read|write|admin):org$/.test(one));
    if (!mayRead || call.params.slug !== team.slug) throw refusals.notFound(pages.team);
    return Response.json(team);
  }

  async openIssue(call: Call): Promise<Response> {
    const { person } = this.#require(call, pages.newIssue);
    const repository = this.#repository(call, mayWrite, pages.newIssue);
    const body = (await call.request.json().catch(() => {
      throw refusals.bodyUnreadable(pages.newIssue);
    })) as { title?: unknown; body?: unknown; assignees?: unknown; labels?: unknown };
    if (typeof body.title !== "string" || body.title.trim() === "") throw refusals.titleMissing(pages.newIssue);
    const assignees = textsIn(body.assignees);
    if (!assignees.every((login) => this.repositories.isMember(login))) throw refusals.assigneeUnknown(pages.newIssue);
    const issue = this.repositories.open(repository, person, {
      title: body.title,
      body: typeof body.body === "string" ? body.body : null,
      labels: textsIn(body.labels),
      assignees,
    });
    const shown = this.repositories.show({ repository, issue }, false) as { url: string };
    return Response.json(shown, { status: 201, headers: { location: shown.url } });
  }

  /** A repository that the caller may see: of any other GitHub says that it does not exist. */
  #repository(call: Call, may: typeof mayRead, page: string): Repository {
    const { owner = "", name = "" } = call.params;
    const found = this.repositories.find(owner, name);
    const caller = this.#require(call, page);
    if (!found || !may(caller, found)) throw refusals.notFound(page);
    return found;
  }

  async deleteToken(call: Call): Promise<Response> {
    const { client, token } = await this.#ofApplication(call);
    if (!this.grants.revokeToken(client.clientId, token)) throw refusals.notFound(pages.token);
    return new Response(null, { status: 204 });
  }

  async deleteGrant(call: Call): Promise<Response> {
    const { client, token } = await this.#ofApplication(call);
    const held = this.grants.bearer(token);
    if (held?.client.clientId !== client.clientId) throw refusals.notFound(pages.token);
    this.grants.revoke(client.clientId, held.person.objectId);
    return new Response(null, { status: 204 });
  }

  /** An application acts for itself, with its id and secret. */
  async #ofApplication({ request, params }: Call): Promise<{ client: OAuthClient; token: string }> {
    const basic = /^Basic (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
    const client = this.azure.oauthClients.find(gitHubHost, id);
    if (!client || client.clientSecret !== secret || params.clientId !== id) throw refusals.badCredentials();
    const { access_token: token } = (await request.json().catch(() => ({}))) as { access_token?: unknown };
    return { client, token: typeof token === "string" ? token : "" };
  }
}

/** An OAuth app needs the scope `repo` for private repositories; a GitHub App what it is installed on, here all. */
function mayRead({ client, scopes }: Caller, repository: Repository): boolean {
  return isGitHubApp(client) || !repository.private || scopes.includes("repo");
}

function mayWrite({ client, scopes }: Caller, repository: Repository): boolean {
  return isGitHubApp(client) || scopes.includes("repo") || (!repository.private && scopes.includes("public_repo"));
}

/** GitHub takes `Bearer` and its own older `token`. */
function bearerOf(request: Request): string | undefined {
  return /^(?:Bearer|token) (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function common(caller: Caller | undefined): Record<string, string> {
  const oauth: Record<string, string> =
    caller && !isGitHubApp(caller.client) ? { "x-oauth-scopes": caller.scopes.join(", ") } : {};
  return {
    "x-github-request-id": randomUUID().toUpperCase(),
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": "2022-11-28",
    ...oauth,
  };
}
