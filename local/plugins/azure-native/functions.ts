import { PluginError } from "../error";
import type { PluginFunction } from "../row";
import { claim } from "../session";
import { armGet, armPost } from "./arm";
import { armPath, fillPath, type ArmRow } from "./arm-row";
import { outputsFromBody } from "./body";

const bot =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.BotService/botServices/{resourceName}";

/** Functions that are not the reading of a resource. */
const own: readonly PluginFunction[] = [
  {
    token: "azure-native:authorization:getClientConfig",
    async invoke(session) {
      const { clientId, subscriptionId, tenantId } = session;
      const objectId = claim(await session.token("https://management.azure.com"), "oid");
      return { clientId, objectId, subscriptionId, tenantId };
    },
  },
  {
    token: "azure-native:authorization:getClientToken",
    secretOutputs: ["token"],
    invoke: async (session, { endpoint }) => ({
      token: await session.token(typeof endpoint === "string" ? endpoint : "https://management.azure.com"),
    }),
  },
  {
    token: "azure-native:botservice:listChannelWithKeys",
    async invoke(session, inputs) {
      const path = fillPath(`${bot}/channels/{channelName}/listChannelWithKeys`, inputs, () => session.subscriptionId);
      return (await armPost(session, armPath(path, "2023-09-15-preview"))) ?? {};
    },
  },
  {
    token: "azure-native:botservice:listBotConnectionServiceProviders",
    async invoke(session) {
      const path = `/subscriptions/${session.subscriptionId}/providers/Microsoft.BotService/listAuthServiceProviders`;
      return (await armPost(session, armPath(path, "2023-09-15-preview"))) ?? {};
    },
  },
];

/** The function that reads an existing resource of a row: `azure-native:botservice:getBot` for `...:Bot`. */
function getter(row: ArmRow): PluginFunction {
  return {
    token: row.token.replace(/:(\w+)$/, ":get$1"),
    async invoke(session, inputs) {
      const id = fillPath(row.path, inputs, () => session.subscriptionId);
      const body = await armGet(session, armPath(id, row.apiVersion));
      if (!body)
        throw new PluginError("request-refused", `Status=404 Code="ResourceNotFound" Message="there is no ${id}"`, 404);
      return { id: body.id ?? id, ...outputsFromBody(row, body) };
    },
  };
}

/** All functions of azure-native that programs may call here. */
export function functions(rows: readonly ArmRow[]): PluginFunction[] {
  return [...own, ...rows.map(getter)];
}
