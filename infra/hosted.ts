import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as path from "node:path";
import type { TeamsGroups } from "../contract/app-settings";
import { BotCertificates } from "./components/bot-certificates";
import { BotCode } from "./components/bot-code";
import type { BotIdentity, BotPrincipal } from "./components/bot-identity";
import { Hosting } from "./components/hosting";
import { ManagedIdentity } from "./components/managed-identity";
import type { SecretRotation } from "./components/secret-rotation";
import { TurnState } from "./components/turn-state";
import type { Vault } from "./components/vault";
import type { BroughtPackage } from "./code/brought-code";
import type { Adopted } from "./settings/adopted";
import { keyVaultReference } from "./facts/key-vault-reference";
import { type ChatPage, chatPageSettings } from "./deployment/chat-page";
import { type CodeArgs, type CodePlan, isBrought } from "./deployment/code";
import type { KnownConnection } from "./connections/rules";
import type { HostingSize } from "./facts/hosting-size";
import type { Tags } from "./deployment/tags";
import { secretNameOf } from "./settings/app-settings";
import type { ResidencyAddresses } from "./facts/residency";
import type { TwoOf } from "./deployment/rotation";
import { dialectSettings } from "./facts/sdks";
import { lastDays } from "./deployment/secret-life";

export interface HostedArgs {
  readonly subscriptionId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: pulumi.Input<string>;
  /** Of the web app, its plan and the identity with which it reads. */
  readonly nameHere: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  /** ARM id of a plan that is there already. */
  readonly planId: pulumi.Input<string> | undefined;
  readonly adopted: Adopted | undefined;
  readonly size: HostingSize;
  readonly botIdentity: BotPrincipal;
  /** References to the bot's passwords, in both places; undefined where it has none. */
  readonly passwords: TwoOf<pulumi.Output<string>> | undefined;
  /** The bot's application where it proves itself by a certificate. */
  readonly certified: BotIdentity | undefined;
  /** What people read as the certificate's common name. */
  readonly certificateSubject: string;
  readonly vault: Vault;
  keepBoth(secret: string, both: TwoOf<pulumi.Input<string>>): TwoOf<pulumi.Output<string>>;
  readonly rotation: SecretRotation;
  readonly secretsEnd: pulumi.Output<string>;
  readonly secretLifetimeDays: number;
  readonly connections: readonly KnownConnection[];
  /** The connections as the bot is told of them. */
  readonly told: pulumi.Output<string>;
  readonly addresses: ResidencyAddresses;
  readonly displayName: string;
  readonly chatPage: ChatPage;
  readonly teamsGroups: TeamsGroups | undefined;
  readonly code: CodeArgs | undefined;
  readonly plan: CodePlan;
  /** The package of a bot that was brought. */
  readonly brought: pulumi.Output<BroughtPackage> | undefined;
  readonly appSettings: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  readonly secretAppSettings: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Where the bot runs, and what runs there. */
export interface Hosted {
  readonly hosting: Hosting;
  readonly code: BotCode;
  readonly state: TurnState;
  readonly managedIdentity: ManagedIdentity;
}

/**
 * Makes the web app that runs the bot, with its settings, its state, the identity with which it reads both, and its code.
 * @param own makes all of it a part of the component
 */
export function makeHosted(name: string, args: HostedArgs, own: { readonly parent: pulumi.Resource }): Hosted {
  const { subscriptionId, tenantId, resourceGroupName, location, nameHere, protect, tags } = args;
  const { rotation, secretsEnd, vault, connections, addresses, botIdentity, brought, plan, passwords } = args;
  const sessionKey = (tail: string, startedAt: pulumi.Output<string>): pulumi.Output<string> =>
    new random.RandomPassword(
      `${name}-chat-session-key${tail}`,
      { length: 48, special: false, keepers: { startedAt } },
      own,
    ).result;
  const [began, otherBegan] = rotation.began;
  const sessions = args.keepBoth("chat-session-key", [sessionKey("", began), sessionKey("-2", otherBegan)]);
  const state = new TurnState(
    `${name}-state`,
    { resourceGroupName, location, accountName: args.accountName, protect, tags },
    own,
  );
  const managedIdentity = new ManagedIdentity(
    `${name}-identity`,
    {
      resourceGroupName,
      location,
      identityName: nameHere,
      subscriptionId,
      vaultId: vault.id,
      stateContainerId: state.containerId,
      tags,
    },
    own,
  );
  const certificates =
    args.certified &&
    new BotCertificates(
      `${name}-bot-certificate`,
      {
        application: args.certified,
        subject: args.certificateSubject,
        vault,
        identity: managedIdentity,
        rotation,
        lifetimeDays: args.secretLifetimeDays,
      },
      own,
    ).settings;
  const ownSecrets = Object.entries(args.secretAppSettings ?? {}).map(([setting, value]) => {
    const kept = vault.keep(secretNameOf(setting), pulumi.secret(value), secretsEnd);
    return [setting, kept.uriWithVersion.apply(keyVaultReference)] as const;
  });
  const dialect: Readonly<Record<string, pulumi.Input<string>>> | undefined = brought
    ? dialectSettings<pulumi.Input<string>>(
        plan.dialect,
        { appId: botIdentity.clientId, tenantId, secret: passwords && rotation.newest(passwords) },
        connections,
      )
    : undefined;
  const hosting = new Hosting(
    `${name}-host`,
    {
      resourceGroupName,
      location,
      planId: args.planId,
      planName: nameHere,
      webAppName: args.adopted?.webApp ?? nameHere,
      adopted:
        args.adopted?.webApp === undefined ? undefined : { systemIdentity: args.adopted.systemIdentity ?? false },
      size: args.size,
      identity: managedIdentity,
      botIdentityId: botIdentity.resourceId,
      tags,
      plan,
      // exec: App Service's start script keeps SIGTERM to itself, and the bot would never close its conversations.
      command: brought ? brought.command : "exec node index.js",
      dialect,
      ownSettings: args.appSettings,
      ownSecrets: Object.fromEntries(ownSecrets),
      appSettings: {
        MicrosoftAppId: botIdentity.clientId,
        MicrosoftAppType: botIdentity.type,
        MicrosoftAppTenantId: tenantId,
        ...(passwords
          ? {
              MicrosoftAppPassword: rotation.newest(passwords),
              MicrosoftAppPasswordBefore: rotation.before(passwords),
            }
          : {}),
        ...(certificates
          ? {
              MicrosoftAppCertificate: rotation.newest(certificates),
              MicrosoftAppCertificateBefore: rotation.before(certificates),
            }
          : {}),
        OAUTH_CONNECTIONS: args.told,
        TOKEN_SERVICE_ENDPOINT: addresses.tokenServiceApi,
        DIRECT_LINE_ENDPOINT: addresses.directLine,
        DIRECT_LINE_SECRET_URI: vault.addressOf("direct-line-secret"),
        STATE_CONTAINER_URL: state.containerUrl,
        MANAGED_IDENTITY_CLIENT_ID: managedIdentity.clientId,
        CHAT_SESSION_KEY: rotation.newest(sessions),
        CHAT_SESSION_KEY_BEFORE: rotation.before(sessions),
        SECRETS_ROTATION: rotation.number.apply(String),
        SECRETS_END: secretsEnd.apply((end) => lastDays(end, args.secretLifetimeDays)),
        CHAT_TITLE: args.displayName,
        ...chatPageSettings(args.chatPage, connections),
        TEAMS_GROUPS: args.teamsGroups ?? "off",
      },
    },
    own,
  );
  const code = new BotCode(
    `${name}-code`,
    {
      subscriptionId,
      resourceGroupName,
      hosting,
      projectFolder: path.dirname(__dirname),
      code: isBrought(args.code) ? undefined : args.code,
      brought: brought && {
        plan,
        package: brought,
        settingNames: Object.keys({ ...args.appSettings, ...args.secretAppSettings, ...dialect }),
      },
    },
    own,
  );
  return { hosting, code, state, managedIdentity };
}
