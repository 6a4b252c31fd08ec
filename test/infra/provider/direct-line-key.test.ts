import { directLineKey } from "../../../infra/provider/direct-line-key";
import { StandInAccess } from "./stand-in-access";

const inputs = {
  subscriptionId: "s",
  resourceGroupName: "g",
  botName: "b",
  siteName: "chat",
  rotation: 0,
};
const channel =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.BotService/botServices/b/channels/DirectLineChannel";

function service(): StandInAccess {
  return new StandInAccess(() => Response.json({ setting: { sites: [] } }));
}

test("a new site's keys are new: nothing is written", async () => {
  const access = service();
  const provider = directLineKey(() => access);
  expect(await provider.create(inputs)).toEqual({ id: `${channel}/sites/chat/key`, outs: inputs });
  expect(await provider.diff("id", inputs, inputs)).toEqual({ changes: false, replaces: [] });
  expect(access.requests).toEqual([]);
});

test.each([
  [1, "key2"],
  [2, "key1"],
])("rotation %d makes the key anew that is not in use", async (rotation, key) => {
  const access = service();
  const wanted = { ...inputs, rotation };
  const provider = directLineKey(() => access);
  expect(await provider.diff("id", { ...inputs, rotation: rotation - 1 }, wanted)).toEqual({
    changes: true,
    replaces: [],
  });
  expect(await provider.update("id", { ...inputs, rotation: rotation - 1 }, wanted)).toEqual({ outs: wanted });
  expect(access.lines).toEqual([`POST ${channel}/regeneratekeys`]);
  expect(JSON.parse(access.requests[0]!.body ?? "")).toEqual({ siteName: "chat", key });
});
