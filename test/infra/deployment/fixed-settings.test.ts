import { fixedIdentity, type FixedSettings, refusedChanges } from "../../../infra/deployment/fixed-settings";

const before: FixedSettings = {
  location: "westeurope",
  residency: "global",
  botHandle: "mail-bot",
  tenant: "one",
  identity: "secret",
};

test.each<[keyof FixedSettings, string, RegExp]>([
  [
    "location",
    "northeurope",
    /^location cannot change from westeurope to northeurope: it is the location of the vault/,
  ],
  ["residency", "europe", /^residency cannot change from global to europe: it is the location of the bot/],
  ["botHandle", "post-bot", /^botHandle cannot change from mail-bot to post-bot: it is the name of the bot/],
  [
    "identity",
    "managed",
    /^identity cannot change from secret to managed: it is the msaAppType and msaAppId of the bot/,
  ],
  ["tenant", "two", /^tenant cannot change from one to two: it is the msaAppTenantId of the bot/],
])("another %s is refused with the property that Azure never changes", (setting, value, words) => {
  expect(refusedChanges(before, { ...before, [setting]: value }, "prod")).toEqual([
    { setting, reason: expect.stringMatching(words) as string },
  ]);
});

test("the commands that take the protection off name the stack: another may be the selected one", () => {
  const [change] = refusedChanges(before, { ...before, residency: "europe" }, "prod");
  expect(change?.reason).toMatch(
    / where users may lose this: pulumi config set protect false --stack prod, pulumi up --stack prod, pulumi config rm protect --stack prod, pulumi up --stack prod\.$/,
  );
});

test("the same settings, and one that is not known yet, are no change", () => {
  expect(refusedChanges(before, before, "prod")).toEqual([]);
  const { botHandle: _unknown, ...others } = before;
  expect(refusedChanges(before, others, "prod")).toEqual([]);
});

test("an application goes from a password to a certificate and back as the same bot; a managed identity is another", () => {
  expect(["secret", "certificate", "managed"].map((kind) => fixedIdentity(kind as "secret"))).toEqual([
    "secret",
    "secret",
    "managed",
  ]);
});
