import * as botservice from "@pulumi/azure-native/botservice";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../deployment/tags";
import type { BotPrincipal } from "./bot-identity";

export interface BotRegistrationArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  /** The residency's location, not an Azure region of choice. */
  readonly location: pulumi.Input<string>;
  readonly handle: pulumi.Input<string>;
  readonly displayName: string;
  readonly sku: "F0" | "S1";
  readonly tenantId: pulumi.Input<string>;
  readonly identity: BotPrincipal;
  readonly endpoint: pulumi.Input<string>;
  /** What has to be there when users are sent to the endpoint. */
  readonly servedBy: readonly pulumi.Resource[];
  /** Whether it was made by hand: what no setting says stays as people set it. Default: no. */
  readonly adopted?: boolean;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** What a person may have set at a bot, and the program sets at one of its own. */
const saidByNoSetting = [
  "kind",
  "allSettings",
  "appPasswordHint",
  "cmekKeyVaultUrl",
  "description",
  "developerAppInsightKey",
  "developerAppInsightsApiKey",
  "developerAppInsightsApplicationId",
  "disableLocalAuth",
  "iconUrl",
  "isCmekEnabled",
  "isStreamingSupported",
  "luisAppIds",
  "luisKey",
  "manifestUrl",
  "openWithHint",
  "parameters",
  "publicNetworkAccess",
  "publishingCredentials",
  "schemaTransformationVersion",
  "storageResourceId",
  "tenantId",
].map((name) => (name === "kind" ? name : `properties.${name}`));

/** The bot as Bot Service knows it. */
export class BotRegistration extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly handle: pulumi.Output<string>;

  constructor(name: string, args: BotRegistrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:BotRegistration", name, {}, opts);

    const bot = new botservice.Bot(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        resourceName: args.handle,
        location: args.location,
        kind: "azurebot",
        sku: { name: args.sku },
        tags: args.tags,
        properties: {
          displayName: args.displayName,
          endpoint: args.endpoint,
          msaAppId: args.identity.clientId,
          // Always said: where it is absent, Bot Service and SDK take the bot for a multi-tenant one (known mistake 1).
          msaAppType: args.identity.type,
          msaAppTenantId: args.tenantId,
          ...(args.identity.resourceId ? { msaAppMSIResourceId: args.identity.resourceId } : {}),
          schemaTransformationVersion: "1.3",
          isCmekEnabled: false,
          isStreamingSupported: false,
          publicNetworkAccess: "Enabled",
          // Direct Line's secret is a key of this kind; it opens nothing but the enhanced site.
          disableLocalAuth: false,
        },
      },
      {
        parent: this,
        protect: args.protect,
        dependsOn: [...(args.identity.servicePrincipal ? [args.identity.servicePrincipal] : []), ...args.servedBy],
        // Bot Service answers "property cannot be changed" to a write of these (known mistake 3), and lets a handle or an
        // application belong to one bot only.
        replaceOnChanges: ["properties.msaAppId", "properties.msaAppType", "properties.msaAppTenantId"],
        deleteBeforeReplace: true,
        ...(args.adopted ? { ignoreChanges: [...saidByNoSetting] } : {}),
      },
    );

    this.id = bot.id;
    this.handle = bot.name;
    this.registerOutputs();
  }
}
