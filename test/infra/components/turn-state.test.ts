import { TurnState, type TurnStateArgs } from "../../../infra/components/turn-state";
import { subscriptionId } from "../../support/azure-answers";
import { madeBy, oneOf, valueOf } from "../../support/bot-sign-in";

const args: TurnStateArgs = {
  resourceGroupName: "shop-dev",
  location: "westeurope",
  accountName: "shopdevk3x9q2ab",
  protect: false,
  tags: { project: "shop", stack: "dev" },
};

test("what the bot remembers lies in a private container of an account without keys", async () => {
  let state: TurnState | undefined;
  const made = await madeBy(() => (state = new TurnState("state", args)));
  expect(oneOf(made, "StorageAccount")).toEqual({
    resourceGroupName: "shop-dev",
    location: "westeurope",
    accountName: "shopdevk3x9q2ab",
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    tags: { project: "shop", stack: "dev" },
  });
  expect(oneOf(made, "BlobContainer")).toEqual({
    resourceGroupName: "shop-dev",
    accountName: "shopdevk3x9q2ab",
    containerName: "turn-state",
    publicAccess: "None",
  });
  expect(await valueOf(state!.containerUrl)).toBe("https://shopdevk3x9q2ab.blob.core.windows.net/turn-state");
  expect(await valueOf(state!.containerId)).toBe(
    `/subscriptions/${subscriptionId}/resourceGroups/shop-dev/providers/Microsoft.Storage/storageAccounts/shopdevk3x9q2ab/blobServices/default/containers/turn-state`,
  );
});

test("requests of people who never finish a sign-in go after a day, sessions after the last could be good", async () => {
  const made = await madeBy(() => new TurnState("state", args));
  const { rules } = oneOf(made, "ManagementPolicy")["policy"] as unknown as { rules: Rule[] };
  const kept = rules.map(({ definition: { filters, actions } }) => [
    filters.prefixMatch,
    actions.baseBlob.delete.daysAfterModificationGreaterThan,
  ]);
  expect(kept).toEqual([
    [["turn-state/sign-in/", "turn-state/codes/"], 1],
    [["turn-state/chat-session/"], 90],
  ]);
});

interface Rule {
  readonly definition: {
    readonly filters: { readonly prefixMatch: readonly string[] };
    readonly actions: { readonly baseBlob: { readonly delete: { readonly daysAfterModificationGreaterThan: number } } };
  };
}
