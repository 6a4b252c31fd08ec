import { kindOf } from "../../../ops/pulumi/type-name";

test.each([
  ["azure-native:keyvault:Vault", "Vault"],
  ["azuread:index/application:Application", "Application"],
  ["bot-sign-in:index:DirectLineSite", "DirectLineSite"],
])("%s is told as %s", (type, kind) => {
  expect(kindOf(type)).toBe(kind);
});
