import type { FixedSettings } from "../../../infra/deployment/fixed-settings";
import { fixedSettings } from "../../../infra/provider/fixed-settings";

const provider = fixedSettings("prod");
const deployed: FixedSettings = {
  location: "westeurope",
  residency: "global",
  botHandle: "mail-bot",
  tenant: "one",
  identity: "secret",
};
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const refused = async (olds: Partial<FixedSettings>, news: FixedSettings): Promise<string[]> => {
  return (await provider.check(olds, news)).map(({ property }) => property);
};

test("every change that would replace what is protected is refused, all at once", async () => {
  expect(await refused(deployed, { ...deployed, location: "northeurope", residency: "europe" })).toEqual([
    "location",
    "residency",
  ]);
  expect(await refused(deployed, deployed)).toEqual([]);
});

test("a new stack may have any settings", async () => {
  expect(await refused({}, deployed)).toEqual([]);
});

test("a bot's name that is not made yet is no other name", async () => {
  expect(await refused(deployed, { ...deployed, botHandle: unknown })).toEqual([]);
});

test("deployed settings stay what they are until they are deployed otherwise", async () => {
  const moved = { ...deployed, location: "northeurope" };
  expect(await provider.diff("fixed-settings", deployed, deployed)).toEqual({ changes: false, replaces: [] });
  expect(await provider.diff("fixed-settings", deployed, moved)).toEqual({ changes: true, replaces: [] });
  expect(await provider.read("fixed-settings", deployed)).toEqual({ id: "fixed-settings", props: deployed });
});
