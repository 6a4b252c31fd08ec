import { fixOf, type KnownError } from "../../contract/known-errors/known-error";
import type { Access } from "./access";
import { AzureCallError, unreachable, whyOf } from "./azure-call-error";

/** A service of Azure as it is called: what its tokens are for, and what is known of its refusals. */
export interface CalledService {
  /** `https://management.azure.com`; tokens are for it. */
  readonly origin: string;
  /** As messages name it: `ARM`. */
  readonly name: string;
  readonly errors: readonly KnownError[];
  /** The header of an answer by which Microsoft's support finds the call. */
  readonly requestIdHeader: string;
  readonly contentType: string;
  /** Tries of one call, the first included, and milliseconds of the first wait between them; each next is twice as long. */
  readonly tries: number;
  readonly firstWait: number;
}

/** One request. */
export interface Call {
  readonly method: string;
  readonly url: string;
  /** What is written, as JSON; undefined where nothing is. */
  readonly content?: unknown;
  /** As messages name what it is about: an ARM id without its subscription, a path. */
  readonly subject: string;
}

/** What is read of a refusal. */
interface RefusedAnswer {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | null;
}

/** A longer Retry-After is not believed: nobody should wait an hour in front of a terminal. */
const longestWait = 60_000;
/** Milliseconds for one answer. */
const answersWithin = 100_000;

/**
 * Calls a service with the deployer's token. What meets a broken connection or a passing refusal is tried again, waiting as
 * Retry-After says; what stays refused is given back, for {@link refusalOf} to word.
 * @param isPassing whether another try may meet a different answer
 * @throws AzureCallError `unreachable` where no answer comes, and the credential's own where it gives no token
 */
export async function call(
  access: Access,
  service: CalledService,
  { method, url, content, subject }: Call,
  isPassing: (answer: Response) => boolean | Promise<boolean> = isBusy,
): Promise<Response> {
  for (let left = service.tries - 1, pause = service.firstWait; ; left -= 1, pause *= 2) {
    const answer = await send(access, service, method, url, content);
    if (answer instanceof Response) {
      if (left === 0 || !(await isPassing(answer))) return answer;
      await access.wait(retryAfter(answer) ?? pause);
    } else {
      if (left === 0) throw unreachable(subject, service.origin, whyOf(answer));
      await access.wait(pause);
    }
  }
}

async function send(
  access: Access,
  { origin, contentType }: CalledService,
  method: string,
  url: string,
  content: unknown,
): Promise<Response | Error> {
  const headers: Record<string, string> = {
    accept: "application/json",
    authorization: `Bearer ${await access.token(`${origin}/.default`)}`,
    ...(content === undefined ? {} : { "content-type": contentType }),
  };
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  const request = { method, headers, ...body, signal: AbortSignal.timeout(answersWithin) };
  return access.fetch(url, request).catch((error: Error) => error);
}

/** Whether a service asks to come back later. */
export function isBusy({ status }: Response): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Milliseconds that an answer asks to wait, at most a minute; undefined where it does not say. */
export function retryAfter(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, longestWait) : undefined;
}

/** What a refusal's body says: that of ARM, of Microsoft Graph, of Key Vault or of App Service. */
export function saidIn(text: string | null | undefined): { readonly code?: string; readonly message?: string } {
  try {
    const body = JSON.parse(text ?? "") as {
      error?: { code?: string; message?: string };
      Code?: string;
      Message?: string;
    };
    // App Service words its refusals with capitals and without `error`.
    const { code = body.Code, message = body.Message } = body.error ?? {};
    return { ...(code && { code }), ...(message && { message }) };
  } catch {
    // Gateways in front of a service answer in HTML; the status says enough.
    return {};
  }
}

/** A refusal, in the service's own words and with the fix that is known of it. */
export async function refusalOf(service: CalledService, subject: string, answer: Response): Promise<AzureCallError> {
  const requestId = answer.headers.get(service.requestIdHeader);
  return refusal(service, subject, { status: answer.status, ...saidIn(await answer.text()), requestId });
}

/** The same of what was refused inside an answer: one request of a batch, an operation that failed later. */
export function refusal(
  service: CalledService,
  subject: string,
  { status, requestId, ...said }: RefusedAnswer,
): AzureCallError {
  const { code = `Http${status}`, message = `${service.name} answered ${status}` } = said;
  return new AzureCallError(code, subject, message, fixOf(service.errors, { code, message }, requestId), status);
}
