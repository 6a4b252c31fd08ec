import { isMoved } from "../../../ops/pulumi/moved-types";
import { refreshOf } from "../../../ops/recovery/recovery";

const urn = (type: string): string => `urn:pulumi:dev::bot::bot-sign-in:index:BotSignIn$${type}::name`;
const [vault, secret, plan] = ["keyvault:Vault", "keyvault:Secret", "web:AppServicePlan"].map((type) =>
  urn(`azure-native:${type}`),
) as [string, string, string];
const today = urn("azure-native_keyvault_v20260201:keyvault:Vault");

test("what an older version made of Key Vault is known by its URN, and nothing else is", () => {
  expect([vault, secret, plan, today].map(isMoved)).toEqual([true, true, false, false]);
});

test("recovery reads such a resource with the program of today, which asks in an api-version that does not end", () => {
  expect(refreshOf([plan, today])).toEqual([[plan, today]]);
  expect(refreshOf([plan, secret])).toEqual([[], ["--run-program"]]);
});
