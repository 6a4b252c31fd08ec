import { healthRoute } from "../../../contract/app-settings";
import { authorizeAddress, codeRequest } from "../../../contract/provider-endpoints";
import type { Access } from "../../../infra/azure/access";
import { AzureCallError, unreachable } from "../../../infra/azure/azure-call-error";
import { caught, exchange, NoAnswer, objectIn } from "../../../infra/azure/exchange";
import { secretValue } from "../../../infra/azure/key-vault";
import { type Look, lookAt } from "../../../infra/code/health";
import { isReference, secretAt } from "../../../infra/facts/key-vault-reference";
import { addressesOf } from "../../../infra/facts/residency";
import { permissionsAskedFor } from "../../../infra/facts/scopes";
import { shownEndpoint } from "../../azure/shown-endpoint";
import { webAppAt, webAppsOf } from "../../azure/web-apps";
import type { Bot, Channels, Connection, EndpointAnswer, Identity, SetUp, Wanted } from "../set-up";
import type { Certificate, VaultSecret } from "../set-up/vault";
import { settingNames, settingsOfBot } from "../set-up/bot-settings";
import { isMissing, type Read, valueOf } from "../set-up/read-value";
import type { Walk } from "../set-up/entra";
import type { WebApp } from "../set-up/web-app";
import { hintLength, type KeptConnection, readBot, readChannels, readConnections } from "./bot";
import { readApi, readApp, readGrants, readKnownCertificates } from "./directory";
import type { Reader } from "./reader";
import { readState } from "./state";
import { readWebApp, settingsOf, sitesBeside } from "./web-app";
import { readCertificates, readSecrets, Vaults } from "./vault";
import { askEndpoint, type Unended, walkAuthorize, walkCode, walkToken } from "./walks";

/** Which bot is looked at. */
export interface Target {
  readonly stack: string | undefined;
  /** ARM id of the bot. */
  readonly bot: string;
  /** ARM id of the web app that the stack deployed; found by the bot's endpoint where it is not known. */
  readonly webApp: string | undefined;
  readonly wanted: Wanted | undefined;
}

const notWalked: Walk = { ended: "not walked" };

/**
 * Reads a bot and all that its sign-ins depend on. Changes nothing, and judges nothing.
 * @returns undefined where there is no such bot
 * @throws AzureCallError where the bot itself may not be read, or Azure cannot be reached
 */
export async function readSetUp(reader: Reader, target: Target): Promise<SetUp | undefined> {
  const { access } = reader;
  const bot = await readBot(reader, target.bot);
  if (!bot) return undefined;
  const tenantId = await tenantOf(access);
  const endpoint = await askEndpoint(access, bot.endpoint);
  const [{ now, clockAhead }, connections, channels, webApp] = await Promise.all([
    readClock(reader, tenantId),
    reader.read("the connections", bot.id, () => readConnections(reader, bot.id)),
    reader.read("the channels", bot.id, () => readChannels(reader, bot.id)),
    findWebApp(reader, bot, target, endpoint),
  ]);
  const settings = settingsOfBot(settingsOf(webApp) ?? {}, bot.appId);
  const vaults = new Vaults(reader);
  const [secrets, certificates, state, health] = await Promise.all([
    readSecrets(
      reader,
      vaults,
      settings,
      (name) => settingNames.secret.test(name) || name === "DIRECT_LINE_SECRET_URI",
    ),
    readCertificates(reader, vaults, settings),
    settings["STATE_CONTAINER_URL"] ? readState(reader, settings["STATE_CONTAINER_URL"]) : undefined,
    lookAtHealth(reader, bot, webApp, endpoint),
  ]);
  const app = valueOf(webApp);
  if (app && health?.found === "health" && isMissing(app.deployedHash)) {
    const because = "The deployment service does not give the file build.json of it.";
    reader.leaveOut("whether the web app runs the code in its folder", app.id, because);
  }
  const [identity, walked] = await Promise.all([
    readIdentity(reader, bot, tenantId, settings, secrets, certificates),
    Promise.all((valueOf(connections) ?? []).map((one) => walkConnection(reader, bot, tenantId, one))),
  ]);
  return {
    stack: target.stack,
    wanted: target.wanted,
    bot,
    now,
    clockAhead,
    tenantId,
    identity,
    endpoint,
    webApp,
    health,
    secrets,
    state,
    connections: walked,
    connectionsRead: "value" in connections,
    signIn: undefined,
    channels: valueOf(channels) ?? noChannels,
  };
}

const noChannels: Channels = {
  names: [],
  directLine: [],
  webChat: [],
  teams: undefined,
  keys: { value: [] },
  read: false,
};

/** The tenant in which whoever asks can read applications. */
async function tenantOf(access: Access): Promise<string> {
  const token = await access.token("https://graph.microsoft.com/.default");
  return (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { tid: string }).tid;
}

/** Azure's time; where it cannot be read, this machine's, against which nothing is held. */
async function readClock(reader: Reader, tenantId: string): Promise<{ now: Date; clockAhead: number }> {
  const { access } = reader;
  const theirs = valueOf(await reader.read("the clocks", "login.microsoftonline.com", () => clockOf(access, tenantId)));
  const ours = access.now();
  if (theirs === undefined) return { now: new Date(ours), clockAhead: 0 };
  return { now: new Date(theirs), clockAhead: Math.round((ours - theirs) / 1_000) };
}

/** Azure's time, as Entra's answers carry it; undefined where one carries none. */
async function clockOf(access: Access, tenantId: string): Promise<number | undefined> {
  const address = `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`;
  const answer = await exchange(access, address, 30_000).catch(caught);
  if (answer instanceof NoAnswer) throw unreachable(address, "Entra ID", answer.message);
  const { status } = answer;
  // A gateway, with a page or a status of its own, has a clock of its own, too.
  const isEntras = answer.ok && "issuer" in (objectIn(answer.text) ?? {});
  if (!isEntras)
    throw new AzureCallError(`Http${status}`, address, `Entra ID answered ${status}`, "Try again.", status);
  const theirs = Date.parse(answer.headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : theirs;
}

/** What a walk came to; one that came to no end is told as not checked. */
function ended(reader: Reader, what: string, where: string, walk: Walk | Unended): Walk {
  if (walk.ended !== "unended") return walk;
  reader.leaveOut(what, where, walk.because);
  return notWalked;
}

/**
 * The web app that the stack deployed, or the one on which the bot's endpoint is. Where nothing answers there as a bot does, it is
 * the one beside the bot that has the bot's id among its settings.
 */
async function findWebApp(
  reader: Reader,
  bot: Bot,
  { webApp: known, wanted }: Target,
  endpoint: EndpointAnswer,
): Promise<Read<WebApp | undefined>> {
  if (wanted?.hosted === false) return { value: undefined };
  return reader.read(
    "the web app",
    known ?? shownEndpoint(bot.endpoint),
    async () => {
      if (known !== undefined) return readWebApp(reader, known);
      const sites = await webAppsOf(reader.arm, reader.subscriptionId);
      const site = URL.canParse(bot.endpoint) ? webAppAt(sites, new URL(bot.endpoint).host) : undefined;
      if (site) return readWebApp(reader, site.id);
      if (endpoint.ended === "answered" && [401, 403].includes(endpoint.status)) return undefined;
      for (const beside of sitesBeside(sites, bot.id)) {
        const app = await readWebApp(reader, beside);
        const settings = (app && valueOf(app.settings)) ?? {};
        if (Object.values(settings).some((value) => value.toLowerCase() === bot.appId.toLowerCase())) return app;
      }
      return undefined;
    },
    "It takes the role Reader at the subscription.",
  );
}

async function lookAtHealth(
  { access }: Reader,
  bot: Bot,
  webApp: Read<WebApp | undefined>,
  endpoint: EndpointAnswer,
): Promise<Look | undefined> {
  const app = valueOf(webApp);
  const host =
    app?.host ?? (URL.canParse(bot.endpoint) && endpoint.ended === "answered" ? new URL(bot.endpoint).host : undefined);
  if (host === undefined) return undefined;
  return lookAt(access, `https://${host}${healthRoute}`);
}

async function readIdentity(
  reader: Reader,
  bot: Bot,
  tenantId: string,
  settings: Readonly<Record<string, string>>,
  secrets: readonly VaultSecret[],
  certificates: readonly Certificate[],
): Promise<Identity> {
  const app = await readApp(reader, bot.appId);
  const application = valueOf(app.application);
  const { identityId } = bot;
  const managed =
    identityId === undefined
      ? undefined
      : await reader.read("the managed identity", identityId, async () => {
          const found = await reader.arm.find<{ id: string; properties: { clientId: string } }>(
            identityId,
            "2023-01-31",
          );
          return found && { id: found.id, clientId: found.properties.clientId };
        });
  const secretSetting = Object.keys(settings).find((name) => settingNames.secret.test(name));
  const secret =
    secretSetting === undefined || identityId !== undefined
      ? undefined
      : await botSecret(reader, settings[secretSetting]!, secrets);
  const walk = secret
    ? await walkToken(reader.access, {
        tenantId: bot.appTenantId ?? tenantId,
        clientId: bot.appId,
        password: secret,
        scope: "https://api.botframework.com/.default",
      })
    : notWalked;
  const token = ended(reader, "whether Entra takes the bot's secret", bot.appId, walk);
  return {
    ...app,
    managed,
    secretSetting,
    secretHint: secret?.slice(0, hintLength),
    certificates,
    knownCertificates:
      application && certificates.length > 0 ? await readKnownCertificates(reader, application.id) : undefined,
    token,
  };
}

/** The bot's secret; undefined where it could not be read, which is told where the vault is looked at. */
async function botSecret(
  reader: Reader,
  setting: string,
  secrets: readonly VaultSecret[],
): Promise<string | undefined> {
  const at = secretAt(setting);
  const kept = secrets.find(({ vaultName, secretName }) => vaultName === at?.vaultName && secretName === at.secretName);
  if (!at) return isReference(setting) ? undefined : setting;
  if (!(kept && valueOf(kept.digest))) return undefined;
  const address = `https://${at.vaultName}.vault.azure.net/secrets/${at.secretName}${at.version ? `/${at.version}` : ""}`;
  const value = await reader.read(`the value of the secret ${at.secretName}`, address, () =>
    secretValue(reader.access, address),
  );
  return valueOf(value);
}

async function walkConnection(reader: Reader, bot: Bot, tenantId: string, kept: KeptConnection): Promise<Connection> {
  const { secret, ...connection } = kept;
  if (connection.proof === "other") {
    return {
      ...connection,
      app: undefined,
      apis: new Map(),
      grants: { value: [] },
      ...(await walkElsewhere(reader, bot, kept)),
    };
  }
  const app = await readApp(reader, connection.clientId);
  const asked = permissionsAskedFor({ scopes: connection.scopes.split(/\s+/).filter(Boolean) });
  const principal = valueOf(app.principal);
  const tenant = connection.parameters.get("tenantid") || "common";
  const [apis, grants, token, authorize] = await Promise.all([
    Promise.all([...asked.keys()].map(async (name) => [name, await readApi(reader, name)] as const)),
    principal
      ? readGrants(reader, connection.clientId, principal.id)
      : "unread" in app.principal
        ? app.principal
        : { value: [] },
    secret && connection.proof === "secret"
      ? walkToken(reader.access, {
          tenantId: isTenant(tenant) ? tenant : tenantId,
          clientId: connection.clientId,
          password: secret,
          // What every application may ask for without any permission.
          scope: `https://graph.microsoft.com/.default`,
        })
      : notWalked,
    walkAuthorize(reader.access, entraAddress(bot, connection, tenant), redirectOf(bot)),
  ]);
  return { ...connection, app, apis: new Map(apis), grants, ...endedBoth(reader, connection, { token, authorize }) };
}

/** What the walks of a connection came to. */
function endedBoth(
  reader: Reader,
  { id, name }: Pick<KeptConnection, "id" | "name">,
  { token, authorize }: Readonly<Record<"token" | "authorize", Walk | Unended>>,
): Pick<Connection, "token" | "authorize"> {
  return {
    token: ended(reader, `whether the provider takes the client secret of the connection ${name}`, id, token),
    authorize: ended(reader, `whether a sign-in by the connection ${name} gets to its page`, id, authorize),
  };
}

/** The walks at a provider that is not Entra, as far as its addresses are known. */
async function walkElsewhere(
  reader: Reader,
  bot: Bot,
  { secret, ...connection }: KeptConnection,
): Promise<Pick<Connection, "token" | "authorize">> {
  const redirectUri = redirectOf(bot);
  const known = { ...connection, clientSecret: secret ?? "" };
  const address = authorizeAddress(known, { redirectUri, state: "doctor" });
  const request = secret ? codeRequest(known, { code: "doctor", redirectUri }) : undefined;
  const [authorize, token] = await Promise.all([
    address === undefined ? notWalked : walkAuthorize(reader.access, address, redirectUri),
    request === undefined ? notWalked : walkCode(reader.access, request),
  ]);
  return endedBoth(reader, connection, { token, authorize });
}

/** Whether it names one tenant: at these three the sign-in finds a person's own. */
function isTenant(tenant: string): boolean {
  return !["common", "organizations", "consumers"].includes(tenant.toLowerCase());
}

function redirectOf({ residency = "global" }: Bot): string {
  return addressesOf(residency).redirectAddress;
}

/** What the Token Service sends a browser to. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
function entraAddress(
  bot: Bot,
  { clientId, scopes }: Pick<KeptConnection, "clientId" | "scopes">,
  tenant: string,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    response_mode: "query",
    redirect_uri: redirectOf(bot),
    scope: scopes,
    state: "doctor",
  });
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?${query}`;
}
