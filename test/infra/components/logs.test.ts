import { Logs, type LogsArgs } from "../../../infra/components/logs";
import { subscriptionId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf } from "../../support/bot-sign-in";

const args: LogsArgs = {
  resourceGroupName: "shop-dev",
  location: "westeurope",
  workspaceName: "shop-dev-k3x9q2ab",
  retentionDays: 30,
  tags: { project: "shop", stack: "dev" },
};
const bot = "/subscriptions/s/resourceGroups/g/providers/Microsoft.BotService/botServices/shop";

test("logs go to a workspace of the set-up's own, for as long as they are kept", async () => {
  const made = await madeBy(() => new Logs("logs", args).collect("bot", bot, ["BotRequest"]));
  expect(oneOf(made, "Workspace")).toEqual({
    resourceGroupName: "shop-dev",
    location: "westeurope",
    workspaceName: "shop-dev-k3x9q2ab",
    sku: { name: "PerGB2018" },
    retentionInDays: 30,
    tags: { project: "shop", stack: "dev" },
  });
  expect(oneOf(made, "DiagnosticSetting", "logs-bot")).toEqual({
    name: "logs",
    resourceUri: bot,
    workspaceId: `/subscriptions/${subscriptionId}/resourceGroups/shop-dev/providers/Microsoft.OperationalInsights/workspaces/shop-dev-k3x9q2ab`,
    logs: [{ category: "BotRequest", enabled: true }],
  });
});

test("a workspace that is there already is used, and none is made beside it", async () => {
  const workspaceId = "/subscriptions/s/resourceGroups/ops/providers/Microsoft.OperationalInsights/workspaces/all-logs";
  const made = await madeBy(() => new Logs("logs", { ...args, workspaceId }).collect("bot", bot, ["BotRequest"]));
  expect(namesOf(made)).toEqual(["DiagnosticSetting logs-bot"]);
  expect(oneOf(made, "DiagnosticSetting")["workspaceId"]).toBe(workspaceId);
});
