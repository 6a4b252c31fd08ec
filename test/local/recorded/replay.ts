import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { deployerToken } from "../../support/deployer-token";
import { personsToken } from "../../support/persons-token";

/**
 * One call that Azure itself was recorded to answer, as facts: what was asked, and what the answer must have.
 *
 * The facts are taken from the recordings of real calls in the azure-cli repository
 * (`src/azure-cli/azure/cli/command_modules/<service>/tests/latest/recordings`). Calls and bodies are cut down to what
 * matters. Where a recording's api-version is older than those that the local Azure serves, the call is replayed with a
 * served one; what that one adds to an answer stands in `newer`.
 *
 * `{name}` in an address, a body or an expected text stands for a value of the replay or one kept from an earlier answer.
 */
export interface RecordedCall {
  /** Name of the recording, without `.yaml`; `prepared` for a call that only brings about what the recorded tenant had. */
  readonly from: string;
  /** What a user would lose if the local Azure answered otherwise. */
  readonly so: string;
  /** Method and address; an address without a host is Azure Resource Manager's. */
  readonly call: string;
  readonly body?: unknown;
  /** True for a call without a token. */
  readonly anonymous?: boolean;
  /** True for a call of the tenant's administrator, who signed in to azure-cli, in place of the deployer's. */
  readonly administrator?: boolean;
  readonly status: number;
  /** Code and text of a refusal. */
  readonly error?: readonly [code: string, message: string | RegExp];
  /** Exact keys of an object in the answer, space separated, by its dotted path; `""` is the answer itself. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Keys, by the same paths, that the api-version replayed has beyond the recorded one. */
  readonly newer?: Readonly<Record<string, string>>;
  /** Values by their dotted path. A pattern must match. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Headers that must match. */
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  /** Values, by their dotted path or `header:<name>`, that later calls use by a name. */
  readonly keep?: Readonly<Record<string, string>>;
}

/** An answer as the checks see it. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/**
 * Replays scenarios against one local Azure, each call as a test of its own, in the order recorded.
 * `{group}` is the id of a resource group of one's own for each scenario; `{subscription}`, `{tenant}` and `{deployer}`
 * (an object id) are known from the start.
 * @param scenarios calls by the name of what they do together
 */
export function replay(scenarios: Readonly<Record<string, readonly RecordedCall[]>>): void {
  let azure: LocalAzure;
  let tokens: Tokens;
  beforeAll(async () => {
    azure = await startLocalAzure({ port: 0 });
    tokens = new Tokens(azure);
  });
  afterAll(() => azure.close());

  Object.entries(scenarios).forEach(([scenario, calls], number) => {
    describe(scenario, () => {
      const known: Record<string, string> = {};
      beforeAll(async () => {
        const { subscriptionId, tenantId, deployer } = azure.tenant;
        Object.assign(known, {
          subscription: `/subscriptions/${subscriptionId}`,
          tenant: tenantId,
          deployer: deployer.objectId,
          groupName: `recorded-${number}`,
          group: `/subscriptions/${subscriptionId}/resourceGroups/recorded-${number}`,
          upn: azure.tenant.people[0]!.mail,
          person: azure.tenant.people[0]!.objectId,
        });
        const version = "api-version=2021-04-01";
        await send(azure, tokens, { call: `PUT ${known.group}?${version}`, body: { location: "westeurope" } });
      });
      it.each(calls.map((call) => [`${call.so} (${call.from}, ${call.call.split(" ")[0]})`, call]))(
        "%s",
        async (_name, call) => {
          const filled = fill(call, known) as RecordedCall;
          const answer = await send(azure, tokens, filled);
          check(filled, answer);
          for (const [name, path] of Object.entries(filled.keep ?? {})) {
            const kept = path.startsWith("header:") ? answer.headers.get(path.slice(7)) : at(answer.body, path);
            expect(typeof kept).toBe("string");
            known[name] = kept as string;
          }
        },
      );
    });
  });
}

async function send(
  azure: LocalAzure,
  tokens: Tokens,
  { call, body, anonymous, administrator }: Pick<RecordedCall, "call" | "body" | "anonymous" | "administrator">,
): Promise<Answer> {
  const space = call.indexOf(" ");
  const url = new URL(call.slice(space + 1), "https://management.azure.com");
  const response = await azure.call("deployer", url.href, {
    method: call.slice(0, space),
    headers: {
      ...(!anonymous && { authorization: `Bearer ${await tokens.for(url.hostname, administrator)}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

function check(call: RecordedCall, { status, headers, body }: Answer): void {
  expect({ status, ...(status >= 400 && { body }) }).toEqual({ status: call.status, ...(status >= 400 && { body }) });
  if (call.error) {
    const { code, message } = (body as { error: { code: string; message: string } }).error;
    expect(code).toBe(call.error[0]);
    expectLike(message, call.error[1]);
  }
  for (const [path, keys] of Object.entries(call.keys ?? {})) {
    const wanted = `${keys} ${call.newer?.[path] ?? ""}`.trim().split(/\s+/);
    expect({ [path]: Object.keys(at(body, path) as object).sort() }).toEqual({ [path]: wanted.sort() });
  }
  for (const [path, value] of Object.entries(call.values ?? {})) {
    const found = at(body, path);
    if (value instanceof RegExp) expectLike(found, value);
    else expect({ [path]: found }).toEqual({ [path]: value });
  }
  for (const [name, value] of Object.entries(call.headers ?? {})) expectLike(headers.get(name), value);
  if (status === 204) expect(body).toBeUndefined();
}

function expectLike(found: unknown, wanted: string | RegExp): void {
  if (wanted instanceof RegExp) expect(String(found)).toMatch(wanted);
  else expect(found).toBe(wanted);
}

/** The value at a dotted path; `""` is the whole. */
function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .filter(Boolean)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}

/** Puts values in the place of their names, in keys as well. */
function fill(value: unknown, known: Readonly<Record<string, string>>): unknown {
  const text = (given: string): string => given.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((inner) => fill(inner, known));
  if (value instanceof RegExp || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), fill(inner, known)]));
}

/** The deployer's tokens, and the administrator's: one for each service. */
class Tokens {
  readonly #byAudience = new Map<string, Promise<string>>();

  constructor(private readonly azure: LocalAzure) {}

  for(host: string, administrator = false): Promise<string> {
    const audience = host.endsWith(".vault.azure.net") ? "https://vault.azure.net" : `https://${host}`;
    const key = `${audience} ${administrator}`;
    const { mail } = this.azure.tenant.people.find((person) => person.administrator)!;
    const make = (): Promise<string> =>
      administrator ? personsToken(this.azure, mail, audience) : deployerToken(this.azure, audience);
    const token = this.#byAudience.get(key) ?? make();
    this.#byAudience.set(key, token);
    return token;
  }
}
