import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment on a pull request, as GitHub keeps it. */
export interface GitHubComment {
  readonly id: number;
  readonly pullRequest: string;
  readonly login: string;
  body: string;
}

/** An answer that GitHub gives instead of the real one. */
export interface GitHubFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Instead of a message. */
  readonly content?: unknown;
  /** The write is done all the same: the answer alone was lost. */
  readonly done?: boolean;
}

/**
 * The part of GitHub's API that writes comments and starts workflows: pages by Link headers, a workflow's token that may not ask who it is, and
 * faults on demand. https://docs.github.com/en/rest/issues/comments,
 * https://docs.github.com/en/rest/actions/workflows
 */
export class GitHubStandIn {
  readonly comments: GitHubComment[] = [];
  /** Workflows that were started by hand or by another one, with what they were given. */
  readonly dispatches: { readonly workflow: string; readonly body: unknown }[] = [];
  /** `POST /repos/...` of every request, in order. */
  readonly requests: string[] = [];
  /** By method and the path's end: what to answer next, each once. */
  readonly faults: { readonly request: RegExp; readonly fault: GitHubFault }[] = [];
  /** Runs before a request is answered. */
  before: (request: string) => void = () => undefined;
  /** Whose token it is; undefined for a workflow's, which may not ask. */
  user: string | undefined;
  readonly #server: Server;
  #last = 0;

  private constructor(
    readonly repository: string,
    readonly token: string,
  ) {
    this.#server = createServer((request, response) => {
      void bodyOf(request).then((text) => {
        const { status, headers = {}, content } = this.#answer(request, text);
        response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
        response.end(content === undefined ? "" : JSON.stringify(content));
      });
    });
  }

  static async open(repository = "contoso/mail-bot"): Promise<GitHubStandIn> {
    const gitHub = new GitHubStandIn(repository, `ghs_${Math.random().toString(36).slice(2)}`);
    await new Promise<void>((done) => gitHub.#server.listen(0, "127.0.0.1", done));
    return gitHub;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a workflow sets. */
  get environment(): Record<string, string> {
    return {
      GITHUB_API_URL: this.address,
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: this.repository,
      GITHUB_RUN_ID: "1234567890",
      GITHUB_TOKEN: this.token,
    };
  }

  add(pullRequest: string, login: string, body: string): GitHubComment {
    const comment = { id: ++this.#last, pullRequest, login, body };
    this.comments.push(comment);
    return comment;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, text: string): Answer {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", this.address);
    // Links to pages name the repository by its number.
    const pathname = path.replace(/^\/repositories\/1\//, `/repos/${this.repository}/`);
    const said = `${request.method} ${pathname}`;
    this.requests.push(said);
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, content: { message: "Bad credentials" } };
    this.before(said);
    const at = this.faults.findIndex((one) => one.request.test(said));
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    if (fault && !fault.done) return faulty(fault);
    const real = this.#real(request.method ?? "", pathname, searchParams, text);
    return fault ? faulty(fault) : real;
  }

  #real(method: string, path: string, query: URLSearchParams, text: string): Answer {
    if (path === "/user") {
      if (this.user) return { status: 200, content: { login: this.user } };
      return { status: 403, content: { message: "Resource not accessible by integration" } };
    }
    const list = new RegExp(`^/repos/${this.repository}/issues/(\\d+)/comments$`).exec(path);
    const one = new RegExp(`^/repos/${this.repository}/issues/comments/(\\d+)$`).exec(path);
    const body = text ? (JSON.parse(text) as { body?: string }).body : undefined;
    if (body !== undefined && (body === "" || body.length > 65_536)) {
      return { status: 422, content: { message: "Validation Failed" } };
    }
    if (list && method === "GET") return this.#page(list[1]!, query);
    if (list && method === "POST") {
      return { status: 201, content: this.#shown(this.add(list[1]!, this.user ?? "github-actions[bot]", body ?? "")) };
    }
    const dispatched = new RegExp(`^/repos/${this.repository}/actions/workflows/([^/]+)/dispatches$`).exec(path);
    if (dispatched && method === "POST") {
      this.dispatches.push({ workflow: dispatched[1]!, body: JSON.parse(text) as unknown });
      return { status: 204 };
    }
    const comment = one && this.comments.find(({ id }) => id === Number(one[1]));
    if (!comment || method !== "PATCH") return { status: 404, content: { message: "Not Found" } };
    comment.body = body ?? "";
    return { status: 200, content: this.#shown(comment) };
  }

  #page(pullRequest: string, query: URLSearchParams): Answer {
    const size = Math.min(100, Number(query.get("per_page") ?? 30));
    const page = Number(query.get("page") ?? 1);
    const all = this.comments.filter((comment) => comment.pullRequest === pullRequest);
    const next = `${this.address}/repositories/1/issues/${pullRequest}/comments?per_page=${size}&page=${page + 1}`;
    const link: Record<string, string> =
      page * size < all.length ? { link: `<${next}>; rel="next", <${next}>; rel="last"` } : {};
    return {
      status: 200,
      headers: link,
      content: all.slice((page - 1) * size, page * size).map((one) => this.#shown(one)),
    };
  }

  #shown({ id, pullRequest, login, body }: GitHubComment): object {
    const html_url = `https://github.com/${this.repository}/pull/${pullRequest}#issuecomment-${id}`;
    return { id, body, html_url, user: { login, type: login.endsWith("[bot]") ? "Bot" : "User" } };
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: unknown;
}

function faulty({ status, headers = {}, message = "", content = { message } }: GitHubFault): Answer {
  return { status, headers, content };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
