import { fixOf, type KnownError } from "../../contract/known-errors/known-error";
import type { Access } from "./access";
import { AzureCallError, unreachable } from "./azure-call-error";
import { type Answer, caught, exchange, NoAnswer, objectIn, waitAsked } from "./exchange";

/** A service of Azure whose refusals are told in its own words. */
export interface Speaker {
  /** As messages name it: `ARM`. */
  readonly name: string;
  /** What is known of its refusals. */
  readonly errors: readonly KnownError[];
  /** The header of an answer by which Microsoft's support finds the call. */
  readonly requestIdHeader: string;
  /** Whether its words go on, below their first line, with what a log needs and nobody reads. */
  readonly saysInFirstLine?: boolean;
  /** Whether the inner code of its refusals says more than the outer. */
  readonly saysInnerCode?: boolean;
}

/** A service of Azure as it is called: what its tokens are for, and how patiently it is asked. */
export interface CalledService extends Speaker {
  /** `https://management.azure.com`; tokens are for it. */
  readonly origin: string;
  readonly contentType: string;
  /** Tries of one call, the first included, and milliseconds of the first wait between them; each next is twice as long. */
  readonly tries: number;
  readonly firstWait: number;
  /** Milliseconds for one answer. */
  readonly answersWithin: number;
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
  readonly innerCode?: string | undefined;
  readonly message?: string | undefined;
  readonly requestId?: string | null;
}

/** A longer Retry-After is not believed: nobody should wait an hour in front of a terminal. */
const longestWait = 60_000;
/** Milliseconds after which a call is not tried again, however many tries it has left. */
const triedWithin = 5 * 60_000;

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
  isPassing: (answer: Answer) => boolean = isBusy,
): Promise<Answer> {
  const end = access.now() + triedWithin;
  for (let left = service.tries - 1, pause = service.firstWait; ; left -= 1, pause *= 2) {
    const answer = await send(access, service, method, url, content).catch(caught);
    const isLast = left === 0 || access.now() >= end;
    if (!(answer instanceof NoAnswer)) {
      if (isLast || !isPassing(answer)) return answer;
      await access.wait(retryAfter(answer) ?? pause);
    } else {
      if (isLast) throw unreachable(subject, new URL(url).origin, answer.message);
      // Who does not answer in time has taken minutes already: one more try.
      if (answer.timedOut) left = 1;
      await access.wait(pause);
    }
  }
}

async function send(
  access: Access,
  { origin, contentType, answersWithin }: CalledService,
  method: string,
  url: string,
  content: unknown,
): Promise<Answer> {
  const headers: Record<string, string> = {
    accept: "application/json",
    authorization: `Bearer ${await access.token(`${origin}/.default`)}`,
    ...(content === undefined ? {} : { "content-type": contentType }),
  };
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  // What is written may be a secret: it goes to no other place that an answer names.
  return exchange(access, url, answersWithin, { method, headers, redirect: "manual", ...body });
}

/** Whether a service asks to come back later. */
export function isBusy({ status }: Pick<Answer, "status">): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Milliseconds that an answer asks to wait, at most a minute; undefined where it does not say. */
export function retryAfter(answer: Pick<Answer, "headers">): number | undefined {
  const { headers } = answer;
  const said = Date.parse(headers.get("date") ?? "");
  const asked = waitAsked(headers.get("retry-after"), Number.isNaN(said) ? Date.now() : said);
  return asked === undefined ? undefined : Math.min(asked, longestWait);
}

/** Whether it is the service itself that has no such thing: a gateway in front of it says 404 in HTML, or in words. */
export function isAbsent({ status, text }: Pick<Answer, "status" | "text">): boolean {
  return status === 404 && (text === "" || objectIn(text) !== undefined);
}

const isPage = (text: string): boolean => /^\s*</.test(text);

/**
 * What a good answer says.
 * @param members by which it is known as the service's own: it has one of them
 * @throws AzureCallError `answer-unreadable` where it is none of the service's: a gateway's page or JSON, half a body, nothing
 */
export function bodyOf<Body>(
  { name }: Pick<Speaker, "name">,
  subject: string,
  { status, text }: Answer,
  members: readonly string[],
): Body {
  const body = objectIn(text);
  if (body && members.some((member) => member in body)) return body as Body;
  if (body) throw unreadable(name, subject, status, `JSON without ${members.join(" or ")}`);
  throw unreadable(name, subject, status, text === "" ? "nothing" : isPage(text) ? "a page of HTML" : "broken JSON");
}

/** A page of a list, as ARM or Microsoft Graph links to the next one. */
interface Page {
  readonly value?: unknown;
  readonly nextLink?: string | null;
  readonly "@odata.nextLink"?: string | null;
}

/**
 * All entries of a list, page after page; none where what it is a list of is not there.
 * @param read gives a page by its path of the service, undefined where there is none
 * @throws AzureCallError `answer-unreadable` where a page is no list, or goes on at another service
 */
export async function entriesOf<Entry>(
  service: Pick<CalledService, "name" | "origin">,
  subject: string,
  first: string,
  read: (path: string) => Promise<object | undefined>,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const page: object | undefined = await read(path);
    if (page === undefined) return entries;
    const { value, next } = pageIn<Entry>(service, subject, page);
    entries.push(...value);
    path = next;
  }
  return entries;
}

/**
 * What a page of a list has, and the path of the next one.
 * @throws AzureCallError `answer-unreadable` where it is no list, or goes on at another service
 */
export function pageIn<Entry>(
  service: Pick<CalledService, "name" | "origin">,
  subject: string,
  { value, nextLink, "@odata.nextLink": link = nextLink }: Page,
): { readonly value: readonly Entry[]; readonly next: string | undefined } {
  if (!Array.isArray(value)) throw unreadable(service.name, subject, 200, "no list");
  return { value: value as Entry[], next: link ? pathOf(service, subject, "a next page", link) : undefined };
}

/**
 * Where a service's answer leads, as a path of the service: its token goes there alone.
 * @param what is said to be there: `a next page`
 * @throws AzureCallError `answer-unreadable` where it leads elsewhere: a list is not read by half, nor an operation taken for ended
 */
export function pathOf(
  { name, origin }: Pick<CalledService, "name" | "origin">,
  subject: string,
  what: string,
  link: string,
  status = 200,
): string {
  const url = URL.parse(link, origin);
  // Some answer with the port of https in it.
  if (url?.origin !== origin) throw unreadable(name, subject, status, `${what} at ${url?.origin ?? link}`);
  return `${url.pathname}${url.search}`;
}

function unreadable(name: string, subject: string, status: number, what: string): AzureCallError {
  const fix = "Try again. Where it stays so, something on the way answers in Azure's place: check HTTPS_PROXY.";
  return new AzureCallError("answer-unreadable", subject, `${name} answered ${status} with ${what}`, fix);
}

/** What a refusal's body says: that of ARM, of Microsoft Graph, of Key Vault or of App Service. */
export function saidIn(text: string | null | undefined): Omit<RefusedAnswer, "status" | "requestId"> {
  // Gateways in front of a service answer in HTML; the status says enough.
  const body = (objectIn(text) ?? {}) as {
    error?: { code?: string; message?: string; innererror?: { code?: string } };
    Code?: string;
    Message?: string;
  };
  // App Service words its refusals with capitals and without `error`.
  const { code = body.Code, message = body.Message, innererror } = body.error ?? {};
  return { code: code || undefined, innerCode: innererror?.code, message: message || undefined };
}

/** A refusal, in the service's own words and with the fix that is known of it. */
export function refusalOf(service: Speaker, subject: string, answer: Answer): AzureCallError {
  const { status, headers, text } = answer;
  return refusal(service, subject, { status, ...saidIn(text), requestId: headers.get(service.requestIdHeader) });
}

/** The same of what was refused inside an answer: one request of a batch, an operation that failed later. */
export function refusal(
  service: Speaker,
  subject: string,
  { status, requestId, ...said }: RefusedAnswer,
): AzureCallError {
  const { message = `${service.name} answered ${status}` } = said;
  const code = (service.saysInnerCode ? said.innerCode : undefined) ?? said.code ?? `Http${status}`;
  const fix = fixOf(service.errors, { code, message }, requestId);
  const words = service.saysInFirstLine ? message.split(/\r?\n/)[0]! : message;
  return new AzureCallError(code, subject, words, fix, status);
}
