import * as web from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { type AppSettings, healthRoute } from "../../contract/app-settings";
import { appSettingList } from "../facts/app-settings";
import type { CodePlan } from "../deployment/code";
import { alwaysOn, type HostingSize, tierOf } from "../facts/hosting-size";
import type { Tags } from "../deployment/tags";
import { madeBeforeReplaced } from "./made-before-replaced";
import type { ManagedIdentity } from "./managed-identity";

export interface HostingArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  /** ARM id of a plan that is there already; without it one is made. */
  readonly planId?: pulumi.Input<string> | undefined;
  readonly planName: pulumi.Input<string>;
  readonly webAppName: pulumi.Input<string>;
  /** An app that was made by hand, and whether it keeps an identity of its own; undefined for one of ours. */
  readonly adopted?: { readonly systemIdentity: boolean } | undefined;
  readonly size: HostingSize;
  /** With which the app reads its vault and its state. */
  readonly identity: ManagedIdentity;
  /** ARM id of the identity that is the bot, where it is one. */
  readonly botIdentityId?: pulumi.Output<string> | undefined;
  /** Every app setting of the contract; secrets as Key Vault references. */
  readonly appSettings: { readonly [Name in keyof AppSettings]: pulumi.Input<AppSettings[Name]> };
  /** What the code asks of the web app. */
  readonly plan: CodePlan;
  /** The command that starts the code; undefined where App Service finds what to start. */
  readonly command: pulumi.Input<string | undefined>;
  /** The names by which the SDK of a bot that was brought reads its settings, secrets as Key Vault references. */
  readonly dialect?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** App settings of the deployer's own that are no secrets. */
  readonly ownSettings?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** Those that are, as Key Vault references. */
  readonly ownSecrets?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  readonly tags: Tags;
}

/** The Linux web app that runs the bot. */
export class Hosting extends pulumi.ComponentResource {
  readonly webAppId: pulumi.Output<string>;
  readonly webAppName: pulumi.Output<string>;
  /** `https://<host>`, of the host name that App Service gave. */
  readonly origin: pulumi.Output<string>;
  /** Where Bot Service delivers activities. */
  readonly endpoint: pulumi.Output<string>;
  readonly healthAddress: pulumi.Output<string>;
  /** Both ways of publishing with a password are shut; code is pushed only after that. */
  readonly basicAuthOff: readonly pulumi.Resource[];

  constructor(name: string, args: HostingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:Hosting", name, {}, opts);
    const { resourceGroupName, location, identity, plan } = args;

    const planId = args.planId ?? this.#plan(name, args).id;
    const app = new web.WebApp(
      name,
      {
        resourceGroupName,
        location,
        name: args.webAppName,
        kind: "app,linux",
        reserved: true,
        serverFarmId: planId,
        httpsOnly: true,
        clientAffinityEnabled: false,
        publicNetworkAccess: "Enabled",
        tags: args.tags,
        identity: {
          type: args.adopted?.systemIdentity ? "SystemAssigned, UserAssigned" : "UserAssigned",
          userAssignedIdentities: [identity.id, ...(args.botIdentityId ? [args.botIdentityId] : [])],
        },
        keyVaultReferenceIdentity: identity.id,
        siteConfig: {
          linuxFxVersion: plan.runtime,
          appCommandLine: pulumi.output(args.command).apply((command) => command ?? ""),
          alwaysOn: alwaysOn(args.size),
          ...(plan.healthPath === undefined ? {} : { healthCheckPath: plan.healthPath }),
          http20Enabled: true,
          minTlsVersion: "1.2",
          scmMinTlsVersion: "1.2",
          ftpsState: "Disabled",
          webSocketsEnabled: false,
          appSettings: pulumi
            .all([args.appSettings, args.dialect ?? {}, args.ownSettings ?? {}, args.ownSecrets ?? {}])
            .apply(([settings, dialect, own, secrets]) =>
              appSettingList(settings satisfies AppSettings, { ...own, ...secrets, ...dialect }, plan.builtThere),
            ),
        },
      },
      {
        parent: this,
        dependsOn: [identity.readsSecrets],
        ...madeBeforeReplaced,
        // App Service shows another spelling (`West Europe`) than it was told, which would replace an app that is taken over.
        ...(args.adopted ? { ignoreChanges: ["location"] } : {}),
      },
    );
    const origin = pulumi.interpolate`https://${app.defaultHostName}`;

    // Deleting either would switch basic authentication on again, so a destroy leaves them to go with the web app.
    const shut = { parent: this, retainOnDelete: true, ...madeBeforeReplaced };
    this.basicAuthOff = [
      new web.WebAppScmAllowed(`${name}-scm`, { resourceGroupName, name: app.name, allow: false }, shut),
      new web.WebAppFtpAllowed(`${name}-ftp`, { resourceGroupName, name: app.name, allow: false }, shut),
    ];

    this.webAppId = app.id;
    this.webAppName = app.name;
    this.origin = origin;
    this.endpoint = pulumi.interpolate`${origin}${plan.messages}`;
    this.healthAddress = pulumi.interpolate`${origin}${healthRoute}`;
    this.registerOutputs();
  }

  #plan(name: string, { resourceGroupName, location, ...args }: HostingArgs): web.AppServicePlan {
    return new web.AppServicePlan(
      name,
      {
        resourceGroupName,
        location,
        name: args.planName,
        kind: "linux",
        // This, not the kind, makes the plan a Linux one.
        reserved: true,
        sku: { name: args.size, tier: tierOf(args.size), capacity: 1 },
        tags: args.tags,
      },
      { parent: this, ...madeBeforeReplaced },
    );
  }
}
