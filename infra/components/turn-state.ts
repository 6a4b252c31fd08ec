import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { turnState } from "../../contract/turn-state";
import type { Tags } from "../deployment/tags";
import { madeBeforeReplaced } from "./made-before-replaced";

export interface TurnStateArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Where the bot keeps what it knows between two turns of a conversation. Reached with the bot's identity only; keys are off. */
export class TurnState extends pulumi.ComponentResource {
  readonly containerId: pulumi.Output<string>;
  readonly containerUrl: pulumi.Output<string>;

  constructor(name: string, args: TurnStateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:TurnState", name, {}, opts);

    const account = new storage.StorageAccount(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        accountName: args.accountName,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        tags: args.tags,
      },
      { parent: this, protect: args.protect, ...madeBeforeReplaced },
    );
    const container = new storage.BlobContainer(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: account.name,
        containerName: turnState.container,
        publicAccess: "None",
      },
      { parent: this, ...madeBeforeReplaced },
    );
    // What is left of people who never finish a sign-in, their requests among it; and of sessions that could be no more.
    const { container: all, folders, days, sessions } = turnState;
    new storage.ManagementPolicy(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: account.name,
        // Azure knows no other name, and azure-native would make one up.
        managementPolicyName: "default",
        policy: {
          rules: [
            deletion(
              "forgottenTurns",
              Object.values(folders).map((folder) => `${all}/${folder}`),
              days,
            ),
            deletion("endedSessions", [`${all}/${sessions.folder}`], sessions.days),
          ],
        },
      },
      { parent: this, ...madeBeforeReplaced },
    );

    this.containerId = container.id;
    this.containerUrl = pulumi.interpolate`${account.primaryEndpoints.blob}${container.name}`;
    this.registerOutputs();
  }
}

/** The rule that deletes what was not written for some days. */
function deletion(name: string, prefixMatch: string[], days: number) {
  return {
    name,
    type: "Lifecycle",
    enabled: true,
    definition: {
      filters: { blobTypes: ["blockBlob"], prefixMatch },
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
    },
  };
}
