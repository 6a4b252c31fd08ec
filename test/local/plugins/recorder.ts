import type { Properties } from "../../../infra/provider/envelope";
import { createSession, type Session } from "../../../local/plugins/session";

export interface Sent {
  readonly method: string;
  /** Address without `https://`. */
  readonly address: string;
  readonly body?: unknown;
  readonly authorization?: string;
}

type Answer = Properties | { status: number; body?: unknown; headers?: Record<string, string> };

/** Answers requests from a script, in the plugins' place of fetch, and keeps what was sent. */
export class Recorder {
  readonly sent: Sent[] = [];
  readonly slept: number[] = [];
  readonly warnings: string[] = [];
  readonly #answers = new Map<string, Answer[]>();
  readonly session: Session;

  constructor() {
    const oid = Buffer.from(JSON.stringify({ oid: "deployer-object" })).toString("base64url");
    this.session = createSession({
      environment: {
        ARM_CLIENT_ID: "client",
        ARM_CLIENT_SECRET: "unused",
        ARM_TENANT_ID: "tenant",
        ARM_SUBSCRIPTION_ID: "sub",
      },
      credential: {
        getToken: (scopes) =>
          Promise.resolve({
            token: `${String(scopes).replace("/.default", "").replaceAll(".", "-")}.${oid}.x`,
            expiresOnTimestamp: Date.now() + 3_600_000,
          }),
      },
      fetch: (url, init) => Promise.resolve(this.#answer(String(url), init ?? {})),
      sleep: (milliseconds) => Promise.resolve(void this.slept.push(milliseconds)),
      warn: (message) => void this.warnings.push(message),
    });
  }

  /** Scripts the answers to one request (`GET graph.microsoft.com/v1.0/...`), in order; the last one stays. */
  on(request: string, ...answers: Answer[]): this {
    this.#answers.set(request, answers);
    return this;
  }

  /** `METHOD address` of everything sent. */
  get lines(): string[] {
    return this.sent.map(({ method, address }) => `${method} ${address}`);
  }

  /** The body of the first request of that kind. */
  body(method: string): unknown {
    return this.sent.find((request) => request.method === method)?.body;
  }

  #answer(url: string, init: RequestInit): Response {
    const address = url.replace("https://", "");
    const method = init.method ?? "GET";
    const headers = new Headers(init.headers);
    const authorization = headers.get("authorization");
    this.sent.push({
      method,
      address,
      ...(typeof init.body === "string" && { body: JSON.parse(init.body) as unknown }),
      ...(authorization && { authorization }),
    });
    const scripted = this.#answers.get(`${method} ${address}`) ?? [];
    const answer = scripted.length > 1 ? scripted.shift() : scripted[0];
    if (!answer) return Response.json({ error: { code: "ResourceNotFound", message: "gone" } }, { status: 404 });
    if (typeof answer.status !== "number") return Response.json(answer);
    const { status, body, headers: more } = answer as { status: number; body?: unknown; headers?: HeadersInit };
    return new Response(body === undefined ? null : JSON.stringify(body), { status, ...(more && { headers: more }) });
  }
}

/** The URN that Pulumi gives a resource of a type. */
export function urn(type: string, name = "it"): string {
  return `urn:pulumi:dev::project::parent:index:Parent$${type}::${name}`;
}
