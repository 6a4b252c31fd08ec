import { join } from "node:path";
import type { TokenCredential } from "@azure/core-auth";
import type { ConnectorClient, UserTokenClient } from "@microsoft/agents-hosting";
import { type Build, type Health, healthRoute, messagesRoute } from "../contract/app-settings";
import { BotAdapter } from "./adapter";
import { ChatPage } from "./chat-page/page";
import { behind, fromAllowedNetwork, fromOwnPage, notTooOften, type PageCheck } from "./chat-page/door";
import { codeEndpoint, signOutEndpoint, tokenEndpoint } from "./chat-page/endpoints";
import { chatChannel, PageSignIn } from "./chat-page/page-sign-in";
import { rateLimit } from "./chat-page/rate-limit";
import { framedElsewhere } from "./chat-page/session";
import { ChatSessions } from "./chat-page/sessions";
import { createConversation } from "./conversation";
import { DirectLine } from "./direct-line";
import { BotError } from "./error";
import { HealthMonitor } from "./health";
import { requestIn } from "./meaning";
import { notFound, type Route } from "./host/host";
import type { ChannelKeys } from "./host/keys";
import { messages } from "./host/messages";
import type { Log } from "./log";
import { refuseRedirects } from "./outbound";
import { probesOf } from "./probes";
import type { Settings } from "./settings";
import { secretsInUse } from "./secrets-in-use";
import { CodeCounter } from "./sign-in/code-attempts";
import { type Owner, SignInRecords } from "./sign-in/sign-in-records";
import { SignIn } from "./sign-in/sign-in";
import type { BlobStorage } from "./storage";
import { turnOf } from "./sdk-turn";
import { VaultSecret } from "./vault-secret";

/** What the bot is made of, and what a test puts something else in the place of. */
export interface BotParts {
  readonly settings: Settings;
  readonly build: Build;
  /** Folder of the bundle; `public` below it holds the chat page. */
  readonly folder: string;
  readonly keys: ChannelKeys;
  readonly credential: TokenCredential;
  readonly storage: BlobStorage;
  readonly log: Log;
}

/** Requests of the page's script that one client address may make a minute: a page makes one when it is opened. */
const requestsPerMinute = 60;

/** Wires the bot. Gives the routes that its host serves. Its process follows no redirects any more. */
export function createBot({ settings, build, folder, keys, credential, storage, log }: BotParts): Route[] {
  refuseRedirects();
  const adapter = new BotAdapter(settings, credential, log);
  const sessions = new ChatSessions(settings.chatSessionKeys, framedElsewhere(settings.chatFrameAncestors), storage);
  const endSession = async ({ channelId, userId }: Owner): Promise<void> => {
    if (channelId === chatChannel) await sessions.end(userId);
  };
  const codes = new CodeCounter(storage);
  const signIn = new SignIn(settings, new SignInRecords(storage), codes, requestIn, endSession, log);
  const converse = createConversation(signIn, log);
  const secret = new VaultSecret(settings.directLineSecretUri, credential);
  const names = settings.connections.map(({ name }) => name);
  const directLine = new DirectLine(settings.directLineEndpoint, secret, log);
  const monitor = new HealthMonitor(build, names, probesOf(settings, adapter, storage, directLine), log);
  const started = performance.now();
  let lastTurn = started;
  const health = async (): Promise<Health> => ({
    ...(await monitor.health()),
    secrets: secretsInUse(settings, adapter.inUse, new Date()),
    quietFor: Math.floor((performance.now() - lastTurn) / 1_000),
  });

  const routes: Route[] = [
    {
      method: "POST",
      path: messagesRoute,
      handle: messages(settings.appId, keys, adapter, (context) => {
        lastTurn = performance.now();
        return converse(
          turnOf(context, {
            settings,
            log,
            tokens: context.turnState.get<UserTokenClient>(adapter.UserTokenClientKey),
            connector: context.turnState.get<ConnectorClient>(adapter.ConnectorClientKey),
          }),
        );
      }),
    },
    {
      // Always 200 here: App Service replaces an instance whose health page fails, and a new one would be no better off
      // when Entra, the vault or the storage is. Wrong settings alone answer 503.
      method: "GET",
      path: healthRoute,
      handle: async () => ({ status: 200, json: await health() }),
    },
    { method: "POST", handle: refuseMisdirected },
  ];
  if (!settings.chatPage) return routes;

  const page = new ChatPage(join(folder, "public"), build.hash, settings);
  const signInOfPage = new PageSignIn(() => adapter.tokenServiceClient(), settings.appId, names, codes);
  const parts = { settings, directLine, sessions, signIn: signInOfPage };
  const network = fromAllowedNetwork(settings.chatAllowedNetworks);
  const ofScript: PageCheck[] = [network, fromOwnPage, notTooOften(rateLimit(requestsPerMinute, 60))];
  return [
    ...routes,
    { method: "GET", path: "/", handle: behind([network], () => page.page()) },
    { method: "POST", path: "/api/token", handle: behind(ofScript, tokenEndpoint(parts)) },
    { method: "POST", path: "/api/sign-in", handle: behind(ofScript, codeEndpoint(parts)) },
    { method: "POST", path: "/api/sign-out", handle: behind(ofScript, signOutEndpoint(parts)) },
    {
      method: "GET",
      handle: behind(
        [network],
        async ({ headers }, _, url) => (await page.file(url.pathname, url.searchParams, headers)) ?? notFound,
      ),
    },
  ];
}

/** Most likely a channel that was given a wrong endpoint: whoever reads the log learns where activities are taken. */
function refuseMisdirected(): never {
  throw new BotError("request-refused", `There is nothing here: activities are taken at ${messagesRoute}.`, {
    status: 404,
    fix: `The bot registration's messaging endpoint must end in ${messagesRoute}: npm run drift, then pulumi up sets it.`,
  });
}
