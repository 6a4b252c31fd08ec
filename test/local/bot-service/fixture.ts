import { randomUUID } from "node:crypto";
import { createArm } from "../../../local/azure/arm";
import { createBotService } from "../../../local/azure/bot-service";
import type { Activity } from "../../../local/azure/bot-service/activity";
import type { Teams } from "../../../local/azure/bot-service/teams";
import { Clock } from "../../../local/azure/clock";
import { AzureError } from "../../../local/azure/error";
import { type Azure, type Claims, TokenRefused } from "../../../local/azure/service";
import type { Service } from "../../../local/azure/hosted-service";
import { noSwitches } from "../../../local/azure/switches";
import { newTenant } from "../../../local/azure/tenant";
import { Trace } from "../../../local/azure/trace";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & { [member: string]: never };
  readonly headers: Headers;
  readonly text: string;
}

export interface BotServiceFixture {
  readonly azure: Azure;
  readonly services: readonly Service[];
  readonly teams: Teams;
  /** Activities that the bot received, with the bearer token they came with. */
  readonly received: { activity: Activity; bearer: string }[];
  /** What the bot answers to an activity; 200 unless a test says otherwise. */
  answer: (activity: Activity) => Response | Promise<Response>;
  readonly entra: FakeEntra;
  /** What other identity providers answer, by host. */
  readonly providers: Map<string, (request: Request) => Response | Promise<Response>>;
  readonly logged: string[];
  ask(method: string, url: string, options?: Ask): Promise<Answer>;
  arm(method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Ask {
  readonly bearer?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Entra's token endpoint as the Token Service sees it: codes and refresh tokens that tests hand out. */
export interface FakeEntra {
  readonly asked: { url: string; form: URLSearchParams }[];
  /** Seconds. */
  lifetime: number;
  /** Set to refuse every request. */
  refusal?: { error: string; error_description: string };
}

export const appId = "11111111-2222-4333-8444-555555555555";
export const bearerOf = (app: string): string => `bot:${app}`;
const group = "rg1";

export async function createFixture(): Promise<BotServiceFixture> {
  const clock = new Clock();
  const tenant = newTenant();
  const received: BotServiceFixture["received"] = [];
  const logged: string[] = [];
  const entra: FakeEntra = { asked: [], lifetime: 3600 };
  const switches = noSwitches();
  const azure = {
    clock,
    tenant,
    switches,
    trace: new Trace(),
    log: (line: string) => logged.push(line),
  } as unknown as Azure;
  const { services, teams } = createBotService(azure);
  const arm = createArm(azure, () => services.flatMap(({ resourceTypes }) => resourceTypes ?? []));
  const all = [...services, arm.service];

  const answerOf = async (request: Request): Promise<Response> => {
    const { hostname } = new URL(request.url);
    const service = all.find(({ hosts }) => hosts.includes(hostname));
    if (!service) throw new Error(`no service for ${hostname}`);
    try {
      return await service.handle(request);
    } catch (error) {
      if (error instanceof AzureError) return error.toResponse();
      throw error;
    }
  };

  const fixture: BotServiceFixture = {
    azure,
    services,
    teams,
    received,
    entra,
    providers: new Map(),
    logged,
    answer: () => Response.json({}),
    ask: async (method, url, { bearer, body, headers = {} } = {}) => {
      const request = new Request(url, {
        method,
        headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const response = await answerOf(request);
      const text = await response.text();
      const json = response.headers.get("content-type")?.includes("json");
      return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
    },
    arm: (method, path, body) => {
      const version = path.includes("Microsoft.BotService") ? "2023-09-15-preview" : "2021-04-01";
      const url = `https://management.azure.com${path}${path.includes("?") ? "&" : "?"}api-version=${version}`;
      return fixture.ask(method, url, { bearer: "deployer", body, headers: { "content-type": "application/json" } });
    },
  };

  Object.assign(azure, {
    resources: arm.resources,
    roles: arm.roles,
    directory: { verify: async (request: Request) => claimsOf(request, azure) },
    serves: (host: string) => host === "login.microsoftonline.com" || fixture.providers.has(host),
    call: async (_caller: string, url: string, init: RequestInit) => {
      const request = new Request(url, init);
      if (url.startsWith("https://login.microsoftonline.com/")) return answerToken(request, entra);
      if (url.startsWith("https://bot1.azurewebsites.net/")) {
        const activity = (await request.json()) as Activity;
        received.push({ activity, bearer: request.headers.get("authorization")?.slice(7) ?? "" });
        return fixture.answer(activity);
      }
      const provider = fixture.providers.get(new URL(url).hostname);
      if (provider) return provider(request);
      throw new Error(`${url} is not served`);
    },
  } satisfies Partial<Record<keyof Azure, unknown>>);
  await fixture.arm("PUT", groupPath(azure), { location: "westeurope" });
  return fixture;
}

function claimsOf(request: Request, azure: Azure): Claims {
  const bearer = request.headers.get("authorization")?.replace(/^Bearer /, "");
  if (bearer === "deployer") {
    return { appid: azure.tenant.deployer.clientId, oid: azure.tenant.deployer.objectId } as Claims;
  }
  if (bearer?.startsWith("bot:")) return { appid: bearer.slice(4), oid: "bot" } as Claims;
  throw new TokenRefused(bearer ? "malformed" : "missing", "no token of the test");
}

async function answerToken(request: Request, entra: FakeEntra): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  entra.asked.push({ url: request.url, form });
  if (entra.refusal) return Response.json(entra.refusal, { status: 400 });
  const number = entra.asked.length;
  return Response.json({
    token_type: "Bearer",
    access_token: `access-${number}`,
    refresh_token: `refresh-${number}`,
    expires_in: entra.lifetime,
  });
}

const groupPath = ({ tenant }: Azure): string => `/subscriptions/${tenant.subscriptionId}/resourceGroups/${group}`;
export const botPath = (azure: Azure, name = "bot1"): string =>
  `${groupPath(azure)}/providers/Microsoft.BotService/botServices/${name}`;

export function botBody(properties: Record<string, unknown> = {}, location = "global"): Record<string, unknown> {
  return {
    location,
    kind: "azurebot",
    sku: { name: "F0" },
    properties: {
      displayName: "Bot One",
      endpoint: "https://bot1.azurewebsites.net/api/messages",
      msaAppId: appId,
      msaAppType: "SingleTenant",
      msaAppTenantId: "99999999-2222-4333-8444-555555555555",
      ...properties,
    },
  };
}

export const entraProviderId = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";

/** A bot with a connection `graph`, and with enhanced authentication on its site `chat`. Gives the site's secret. */
export async function createChatBot(fixture: BotServiceFixture, location = "global"): Promise<string> {
  const path = botPath(fixture.azure);
  await fixture.arm("PUT", path, botBody({}, location));
  await fixture.arm("PUT", `${path}/connections/graph`, {
    location,
    properties: {
      serviceProviderId: entraProviderId,
      clientId: "sign-in-app",
      clientSecret: "sign-in-secret",
      scopes: "openid offline_access Mail.Read",
      parameters: [{ key: "tenantId", value: "tenant-1" }],
    },
  });
  return secureSite(fixture, location);
}

export const origin = "https://bot1.azurewebsites.net";

export async function secureSite(fixture: BotServiceFixture, location = "global"): Promise<string> {
  const path = `${botPath(fixture.azure)}/channels/DirectLineChannel`;
  const site = { siteName: "chat", isEnabled: true, isV1Enabled: false, isV3Enabled: true };
  const body = (more: object): unknown => ({
    location,
    properties: { channelName: "DirectLineChannel", properties: { sites: [{ ...site, ...more }] } },
  });
  await fixture.arm("PUT", path, body({}));
  const written = await fixture.arm("PUT", path, body({ isSecureSiteEnabled: true, trustedOrigins: [origin] }));
  const { sites } = (written.body as unknown as { properties: { properties: { sites: { key: string }[] } } }).properties
    .properties;
  return sites[0]?.key as string;
}

export const directLine = "https://directline.botframework.com/v3/directline";

export interface Chat {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
}

/** A started conversation of a user whom the token names. */
export async function startChat(fixture: BotServiceFixture, secret: string, base = directLine): Promise<Chat> {
  const userId = `dl_${randomUUID()}`;
  const made = await fixture.ask("POST", `${base}/tokens/generate`, { bearer: secret, body: { user: { id: userId } } });
  const { token } = made.body as unknown as { token: string };
  const started = await fixture.ask("POST", `${base}/conversations`, { bearer: token });
  const { conversationId } = started.body as unknown as { conversationId: string };
  await settled(() => fixture.received.length > 0);
  return { id: conversationId, token, userId };
}

/** Waits, at most ten seconds, for what happens behind an answer: a loaded machine takes its time. */
export async function settled(done: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end && !done();) await new Promise((next) => setTimeout(next, 5));
  expect(done()).toBe(true);
}
