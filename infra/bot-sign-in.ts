import * as authorization from "@pulumi/azure-native/authorization";
import * as resources from "@pulumi/azure-native/resources";
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as path from "node:path";
import { connectionOf } from "../contract/app-settings";
import { judgedScopes } from "./components/api-lookup";
import { packageOrStop } from "./components/bot-code";
import { BotIdentity } from "./components/bot-identity";
import { BotRegistration } from "./components/bot-registration";
import { Channels } from "./components/channels";
import { Connections } from "./components/connections";
import { deletedWithGroup } from "./components/deleted-with-group";
import { Logs } from "./components/logs";
import { SecretRotation } from "./components/secret-rotation";
import { Vault } from "./components/vault";
import { permissionTexts } from "./connections/apis";
import { keyVaultReference } from "./facts/key-vault-reference";
import { checkArguments } from "./settings/arguments";
import { connectionOfChatPage } from "./deployment/chat-page";
import { isBrought, planOf } from "./deployment/code";
import { warningsOf, withProvider, withSecretless } from "./settings/connections";
import { askedScopes } from "./connections/parameters";
import { endsAhead, endText } from "./deployment/ends-ahead";
import { sizesOf } from "./settings/environment";
import { fixedIdentity } from "./deployment/fixed-settings";
import { lastingTags, tagsOf } from "./deployment/tags";
import { askedIn, type TwoOf } from "./deployment/rotation";
import { type GlobalKind, globalName, namedAfter, ownName, signInName, suffixLength } from "./facts/names";
import { addressesOf } from "./facts/residency";
import { renewalWarning } from "./deployment/secret-life";
import { usedBy } from "./deployment/used";
import type { BotSignInArgs } from "./bot-sign-in-args";
import { makeHosted } from "./hosted";
import { makeIdentities } from "./identities";
import { waitOutOrFix } from "./on-refusal";
import { BotHealth } from "./resources/bot-health";
import { FixedSettingsCheck } from "./resources/fixed-settings";
import { afterPreconditions, Preconditions } from "./resources/preconditions";
import { Protection } from "./resources/protection";
import { RotationDate } from "./resources/rotation-date";
import { TeamsAgreement } from "./resources/teams-agreement";
import { describe } from "./settings/settings-error";

export type { BotSignInArgs } from "./bot-sign-in-args";
export type { Adopted } from "./settings/adopted";
export type { BroughtCode, CodeArgs, ReadyCode } from "./deployment/code";
export type { ChatAccess, ChatPage, FramedBy } from "./deployment/chat-page";
export type { ConnectionArgs } from "./connections/connection";
export type { EnvironmentDefaults } from "./settings/environment";
export type { Existing } from "./deployment/existing";

/**
 * A bot on Azure whose users sign in: applications, secrets, Azure Bot, OAuth connections, vault, web app, channels, logs,
 * and the code that answers. Reads no configuration and no environment; every name in Azure follows from project, stack and
 * its own name, so that a stack may hold several.
 *
 * Throws a SettingsError that names every wrong argument, before anything is registered.
 *
 * @example
 * const mail = new BotSignIn("mail", {
 *   environment: "dev",
 *   location: "westeurope",
 *   tenantId: "72f988bf-86f1-41af-91ab-2d7cd011db47",
 *   connections: [{ name: "Graph", provider: "entra", scopes: ["openid", "User.Read", "Mail.Read", "Mail.Send"], skill: "mail" }],
 * });
 * export const chat = mail.chatAddress;
 */
export class BotSignIn extends pulumi.ComponentResource {
  /** Where Bot Service delivers what users say. */
  readonly endpoint: pulumi.Output<string>;
  /** The chat page, where it is on; undefined where the bot is hosted elsewhere. */
  readonly chatAddress: pulumi.Output<string | undefined>;
  /** Client id of the bot's application, or of the managed identity that it is. */
  readonly botAppId: pulumi.Output<string>;
  /** Client id of the application through which users sign in; undefined where every connection brings its own. */
  readonly signInAppId: pulumi.Output<string | undefined>;
  /** Where the Token Service takes users back: what to register at each provider where the application is somebody's own. */
  readonly redirectAddress: pulumi.Output<string>;
  /** Names of the OAuth connections. */
  readonly connections: pulumi.Output<string[]>;
  /** When each secret ends: ISO date and time in UTC, by the secret's name. */
  readonly secretsExpire: pulumi.Output<Record<string, string>>;
  /** Name of the resource group. */
  readonly resourceGroup: pulumi.Output<string>;
  /** The bot's handle. */
  readonly bot: pulumi.Output<string>;
  /** ARM id of the bot's registration. */
  readonly botId: pulumi.Output<string>;
  /** Name of the web app; undefined where the bot is hosted elsewhere. */
  readonly webApp: pulumi.Output<string | undefined>;
  /** ARM id of the web app; undefined with it. */
  readonly webAppId: pulumi.Output<string | undefined>;
  /** ARM id of the vault. */
  readonly vaultId: pulumi.Output<string>;
  /** Hash of the code that runs; undefined where somebody else runs it. */
  readonly codeHash: pulumi.Output<string | undefined>;

  constructor(name: string, args: BotSignInArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    const sized = sizesOf(args.environment, args.overrides);
    let group: resources.ResourceGroup | undefined;
    const first: { preconditions?: Preconditions } = {};
    const transformations = [
      waitOutOrFix(name),
      // In a vault of others something of ours would stay behind: there each resource is deleted by itself.
      ...(args.environment === "preview" && !args.existing?.vault ? [deletedWithGroup(() => group)] : []),
      afterPreconditions(() => first.preconditions),
    ];
    super(
      "bot-sign-in:index:BotSignIn",
      name,
      {},
      { ...opts, transformations: [...(opts?.transformations ?? []), ...transformations] },
    );
    const own = { parent: this };

    // What follows from the arguments alone
    const { existing = {}, adopted, location, residency = "global", displayName = name.slice(0, 35) } = args;
    const { protect } = sized;
    const tenantId = pulumi.output(args.tenantId);
    const addresses = addressesOf(residency);
    const connections = withSecretless(args.connections.map(withProvider), sized.secretless);

    // What the tenant says of the scopes: where one cannot be, nothing is made
    const tenant = pulumi.output(judgedScopes(connections, own));
    const told = tenant.apply(({ apiIds }) =>
      JSON.stringify(connections.map((one) => connectionOf({ ...one, scopes: askedScopes(one, apiIds) }))),
    );
    const declared = tenant.apply((judged) => Object.values(judged.declared));
    tenant.apply(({ warnings }) => warnings.forEach((warning) => void pulumi.log.warn(warning, this)));
    const plan = planOf(args.code);
    const use = {
      ownCode: args.code !== undefined || existing.endpoint !== undefined,
      sdk: plan.dialect,
      ofChatPage: connectionOfChatPage(sized.chatPage, connections),
    };
    for (const warning of warningsOf(connections, use)) void pulumi.log.warn(describe(warning), this);
    for (const end of endsAhead(usedBy(args.code, sized.identity), new Date()))
      void pulumi.log.warn(endText(end), this);

    const brought = isBrought(args.code)
      ? pulumi.output(packageOrStop(args.code, this, path.dirname(__dirname)))
      : undefined;

    // Names
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    const after = namedAfter(project, name);
    const { owner, commit, expires } = args;
    const deployment = { project, stack, component: after === project ? undefined : name, owner, commit, expires };
    const tags = { ...args.tags, ...tagsOf(deployment) };
    const letters = { length: suffixLength, special: false, upper: false };
    const suffix = new random.RandomString(`${name}-suffix`, letters, { ...own, protect });
    // Another location makes all that lives in one anew, under new names, so that the old ones serve until the new ones do.
    // The bot itself lives in none and keeps its name, and with it its users.
    const suffixHere = new random.RandomString(
      `${name}-suffix-here`,
      { ...letters, keepers: { location } },
      { ...own, protect },
    );
    const worldwide = (kind: GlobalKind): pulumi.Output<string> =>
      (kind === "bot" ? suffix : suffixHere).result.apply((tail) => globalName(kind, after, stack, tail));
    const nameHere = worldwide("webApp");
    const botHandle = adopted?.bot ?? args.botHandle ?? worldwide("bot");
    if (protect) {
      new FixedSettingsCheck(
        `${name}-fixed-settings`,
        { location, residency, botHandle, tenant: tenantId, identity: fixedIdentity(sized.identity) },
        own,
      );
    }

    // Who deploys, and where to
    const deployer = azuread.getClientConfigOutput({ parent: this }).objectId;
    const subscriptionId = args.subscriptionId
      ? pulumi.output(args.subscriptionId)
      : authorization.getClientConfigOutput({ parent: this }).subscriptionId;

    // What has to hold before anything is written
    const groupName = ownName(after, stack);
    first.preconditions = new Preconditions(
      `${name}-preconditions`,
      {
        subscriptionId,
        tenantId,
        location,
        hostingSize: sized.hostingSize,
        resourceGroupName: existing.resourceGroup ?? groupName,
        marks: lastingTags(deployment),
        existing: pulumi.output({ ...existing } as Record<string, pulumi.Input<string>>),
        redirectAddress: addresses.redirectAddress,
        // Of what the tenant says, and after the package: where either cannot be, this never comes to be, and nothing after it.
        permissions: pulumi.all([declared, brought]).apply(([some]) => permissionTexts(some)),
        names: pulumi.output({
          ...(existing.vault === undefined ? { vault: worldwide("vault") } : {}),
          ...(existing.endpoint === undefined ? { webApp: adopted?.webApp ?? nameHere } : {}),
          bot: botHandle,
        }),
        openSecrets: secretsAmong(args.appSettings),
      },
      own,
    );
    if (existing.resourceGroup === undefined) {
      group = new resources.ResourceGroup(
        `${name}-group`,
        { resourceGroupName: groupName, location, tags },
        // A group's location says only where its own record is kept; a replacement would delete everything in it.
        { ...own, ignoreChanges: ["location"] },
      );
    }
    const resourceGroupName = pulumi.output(existing.resourceGroup ?? group!.name);

    // How long secrets live
    const renewed = args.secretsRenewed ?? "never";
    const date = new RotationDate(`${name}-secrets-renewed`, { renewed, asked: args.secretsRotation ?? "" }, own);
    const renews = askedIn(args.secretsRotation ?? "")?.done ?? false;
    const rotation = new SecretRotation(date, sized.secretLifetimeDays);
    const secretsEnd = rotation.newest(rotation.ends);
    secretsEnd.apply((end) => {
      const warning = renewalWarning(end, sized.secretLifetimeDays, new Date(), stack);
      return warning ? pulumi.log.warn(warning, date) : undefined;
    });

    // Identities: the bot's, and the one through which users sign in
    const { botApplication, botProof, botIdentity, signInApp, forConnections, singleSignOn, consent } = makeIdentities(
      name,
      {
        identity: sized.identity,
        names: {
          bot: ownName(after, stack),
          managedIdentity: worldwide("bot"),
          signIn: signInName(displayName, stack),
        },
        connections,
        tenant,
        existingSignInApp: existing.signInApp,
        existingBotApp: existing.botApp,
        existingBotIdentity: existing.botIdentity,
        singleSignOn: sized.singleSignOn,
        adminConsent: args.adminConsent ?? false,
        redirectAddress: addresses.redirectAddress,
        deployer,
        tenantId,
        resourceGroupName,
        location,
        rotation,
        protect,
        tags,
        serviceManagementReference: args.serviceManagementReference,
      },
      own,
    );

    // What the bot keeps, and the identity that may reach it
    const vault = new Vault(
      `${name}-vault`,
      {
        vaultId: existing.vault,
        sharedPrefix: ownName(after, stack),
        resourceGroupName,
        location,
        vaultName: worldwide("vault"),
        tenantId,
        subscriptionId,
        protect,
        purgeProtection: sized.purgeProtection,
        retentionDays: sized.vaultRetentionDays,
        tags,
        lastingTags: lastingTags(deployment),
      },
      own,
    );
    // Each in both places, so that the bot knows the newest and the one before it.
    const keepBoth = (
      secret: string,
      [first, second]: TwoOf<pulumi.Input<string>>,
      proof: readonly pulumi.Resource[] = [],
    ): TwoOf<pulumi.Output<string>> => [
      vault.keep(secret, first, rotation.ends[0], proof).uriWithVersion.apply(keyVaultReference),
      vault.keep(`${secret}-2`, second, rotation.ends[1], proof).uriWithVersion.apply(keyVaultReference),
    ];
    const passwords =
      botApplication?.passwords && botProof && keepBoth("bot-app-password", botApplication.passwords, [botProof]);
    const certified =
      sized.identity === "certificate" && botApplication instanceof BotIdentity ? botApplication : undefined;

    // Where the bot runs, and its code, before its users are sent to it
    const hosted =
      existing.endpoint === undefined
        ? makeHosted(
            name,
            {
              subscriptionId,
              tenantId,
              resourceGroupName,
              location,
              nameHere,
              protect,
              tags,
              accountName: worldwide("storageAccount"),
              planId: existing.plan,
              adopted,
              size: sized.hostingSize,
              botIdentity,
              passwords,
              certified,
              vault,
              keepBoth,
              rotation,
              secretsEnd,
              certificateSubject: ownName(after, stack),
              secretLifetimeDays: sized.secretLifetimeDays,
              connections,
              told,
              addresses,
              displayName,
              plan,
              brought,
              chatPage: sized.chatPage,
              teamsGroups: args.teamsGroups,
              code: args.code,
              appSettings: args.appSettings,
              secretAppSettings: args.secretAppSettings,
            },
            own,
          )
        : undefined;
    const endpoint = hosted?.hosting.endpoint ?? pulumi.output(existing.endpoint!);
    const origin = hosted?.hosting.origin ?? endpoint.apply((address) => new URL(address).origin);

    // The bot, its connections and channels
    const bot = new BotRegistration(
      `${name}-bot`,
      {
        resourceGroupName,
        location: addresses.botLocation,
        handle: botHandle,
        displayName,
        sku: sized.botSku,
        tenantId,
        identity: botIdentity,
        endpoint,
        servedBy: hosted ? [hosted.code.deployed, hosted.managedIdentity.writesState] : [],
        adopted: adopted !== undefined,
        protect,
        tags,
      },
      own,
    );
    const ofBot = { subscriptionId, resourceGroupName, botHandle: bot.handle, location: addresses.botLocation };
    const connected = new Connections(
      `${name}-connections`,
      { ...ofBot, tenantId, connections, signInApp: forConnections, singleSignOn, apiIds: tenant.apiIds, renews },
      own,
    );
    const channels = new Channels(
      `${name}-channels`,
      {
        ...ofBot,
        chatOrigin: origin,
        protect,
        rotation: rotation.number,
        adopted: adopted && { teams: adopted.teams ?? false },
      },
      own,
    );
    if (singleSignOn) {
      new TeamsAgreement(
        `${name}-teams`,
        {
          subscriptionId,
          resourceGroupName,
          botName: bot.handle,
          stack,
          identifierUri: singleSignOn.tokenExchangeUrl,
        },
        { ...own, dependsOn: [singleSignOn, connected, channels] },
      );
    }
    const directLine =
      channels.directLineSecret && vault.keep("direct-line-secret", channels.directLineSecret, secretsEnd);

    // Logs
    const logs = new Logs(
      `${name}-logs`,
      {
        workspaceId: existing.workspace,
        resourceGroupName,
        location,
        workspaceName: nameHere,
        retentionDays: sized.logRetentionDays,
        tags,
      },
      own,
    );
    logs.collect("bot", bot.id, ["BotRequest"]);
    // Not AppServiceHTTPLogs: they carry users' cookies and IP addresses.
    if (hosted) logs.collect("host", hosted.hosting.webAppId, ["AppServiceConsoleLogs"]);
    // Who reads a vault of others is its owner's business, and a setting at it would change it.
    if (existing.vault === undefined) logs.collect("vault", vault.id, ["AuditEvent"]);

    // The last judge: the bot itself, when all that it needs is there
    const health =
      plan.healthPath === undefined || !hosted
        ? []
        : [
            new BotHealth(
              `${name}-health`,
              { healthUrl: hosted.hosting.healthAddress, hash: hosted.code.hash, rotation: rotation.number },
              { ...own, dependsOn: [botIdentity, connected, channels, ...(directLine ? [directLine.resource] : [])] },
            ),
          ];
    new Protection(
      `${name}-protection`,
      { protect, what: `${name} of the stack ${stack}` },
      {
        ...own,
        dependsOn: [
          ...(group ? [group] : []),
          ...(signInApp ? [signInApp] : []),
          ...consent,
          vault,
          ...(hosted ? [hosted.state, hosted.managedIdentity, hosted.hosting] : []),
          bot,
          logs,
          ...health,
        ],
      },
    );

    const none = pulumi.output<string | undefined>(undefined);
    this.endpoint = endpoint;
    this.chatAddress = hosted ? pulumi.interpolate`${origin}/` : none;
    this.botAppId = botIdentity.clientId;
    this.signInAppId = signInApp ? signInApp.clientId : pulumi.output(undefined);
    this.redirectAddress = pulumi.output(addresses.redirectAddress);
    this.connections = pulumi.output(connections.map((connection) => connection.name));
    this.secretsExpire = secretsEnd.apply((end): Record<string, string> => ({
      ...(passwords ? { "bot-app-password": end } : {}),
      ...(certified ? { "bot-certificate": end } : {}),
      ...(signInApp?.credentials.passwords ? { "sign-in-app-password": end } : {}),
      ...(hosted ? { "chat-session-key": end } : {}),
      ...(directLine ? { "direct-line-secret": end } : {}),
    }));
    this.resourceGroup = resourceGroupName;
    this.bot = bot.handle;
    this.botId = bot.id;
    this.webApp = hosted?.hosting.webAppName ?? none;
    this.webAppId = hosted?.hosting.webAppId ?? none;
    this.vaultId = vault.id;
    this.codeHash = hosted?.code.hash ?? none;
    this.registerOutputs({
      endpoint: this.endpoint,
      chatAddress: this.chatAddress,
      botAppId: this.botAppId,
      signInAppId: this.signInAppId,
      redirectAddress: this.redirectAddress,
      connections: this.connections,
      secretsExpire: this.secretsExpire,
      resourceGroup: this.resourceGroup,
      bot: this.bot,
      botId: this.botId,
      webApp: this.webApp,
      webAppId: this.webAppId,
      vaultId: this.vaultId,
      codeHash: this.codeHash,
    });
  }
}

/** Names of settings whose values are secret. */
function secretsAmong(settings: BotSignInArgs["appSettings"] = {}): pulumi.Output<string[]> {
  const names = Object.keys(settings);
  const secret = Promise.all(names.map((name) => pulumi.isSecret(pulumi.output(settings[name]!))));
  return pulumi.output(secret).apply((are) => names.filter((_name, at) => are[at]));
}
