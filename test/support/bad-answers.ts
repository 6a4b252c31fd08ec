import type { Access } from "../../infra/azure/access";

/** A way in which a service fails to answer, or somebody on the way answers in its place. */
export interface BadAnswer {
  readonly what: string;
  /** In place of the service's answer, which it may begin with. */
  readonly answer: (answered: () => Promise<Response>) => Promise<Response>;
  /** What a person is told of it. */
  readonly words: RegExp;
}

const status = (code: number, text = "", headers: Record<string, string> = {}) => ({
  what: String(code),
  answer: async () => new Response(text, { status: code, headers }),
  words: new RegExp(`\\b${code}\\b`),
});
const page = "<!doctype html><title>Sorry</title><h1>We will be back</h1>";
const text = (what: string, body: (whole: string) => string, words: RegExp): BadAnswer => ({
  what,
  async answer(answered) {
    const { status, headers, ...answer } = await answered().then(async (one) => ({
      status: one.status,
      headers: one.headers,
      whole: await one.text(),
    }));
    const empty = [204, 304].includes(status);
    return new Response(empty ? null : body(answer.whole), { status, headers });
  },
  words,
});
const failed = (what: string, error: () => Error, words: RegExp): BadAnswer => ({
  what,
  answer: () => Promise.reject(error()),
  words,
});

/** Every way: an Azure that is not well, a gateway in front of it, a network that breaks. */
export const badAnswers: readonly BadAnswer[] = [
  status(500, JSON.stringify({ error: { code: "InternalServerError", message: "Something failed: 500" } })),
  { ...status(502, page), what: "a gateway's 502" },
  status(503, "", { "retry-after": "2" }),
  status(429, JSON.stringify({ error: { code: "429", message: "Too many" } }), { "retry-after": "7" }),
  text("a page of HTML in place of JSON", () => page, /with a page of HTML|no JSON|\b\d{3}\b/),
  text("an empty body", () => "", /with nothing|no JSON|\b\d{3}\b/),
  text("half a body", (whole) => whole.slice(0, whole.length / 2), /with broken JSON|with nothing|no JSON|\b\d{3}\b/),
  {
    what: "JSON of somebody else's",
    answer: async () => Response.json({ status: "ok" }),
    words: /with JSON without \w+|no JSON|\b200\b/,
  },
  {
    what: "a body that breaks off",
    async answer(answered: () => Promise<Response>): Promise<Response> {
      const { status, headers } = await answered();
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("{"));
          controller.error(new TypeError("terminated", { cause: new Error("other side closed") }));
        },
      });
      return new Response(body, { status: status === 204 ? 200 : status, headers });
    },
    words: /its answer broke off \(other side closed\)/,
  },
  failed(
    "a reset",
    () => new TypeError("fetch failed", { cause: new Error("read ECONNRESET") }),
    /cannot be reached: read ECONNRESET|^.*read ECONNRESET$/,
  ),
  failed(
    "no answer in time",
    () => new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    /did not answer within \d+ s/,
  ),
];

/** Access that meets a bad answer wherever `isMet` says so, and that never really waits. */
export function meeting(access: Access, { answer }: BadAnswer, isMet: (method: string, url: URL) => boolean): Access {
  return {
    ...access,
    wait: () => Promise.resolve(),
    fetch: (input, init) =>
      isMet(init?.method ?? "GET", new URL(String(input)))
        ? answer(() => access.fetch(input, init))
        : access.fetch(input, init),
  };
}
