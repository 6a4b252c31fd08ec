import { ExistingSignInApp, type ExistingSignInAppArgs } from "../../../infra/components/existing-sign-in-app";
import { tenantId } from "../../support/azure-answers";
import { madeBy, namesOf, oneOf, valueOf } from "../../support/bot-sign-in";

const args: ExistingSignInAppArgs = {
  clientId: "5a7e0000-0000-4000-8000-000000000001",
  tenantId,
  credentialName: "bot-sign-in-dev-721f88",
  passwordsEnd: ["2027-05-21T03:04:05Z", "2027-01-01T00:00:00Z"],
  federated: false,
};

test("an application of others gets passwords that say whose they are, and is not changed otherwise", async () => {
  let app: ExistingSignInApp | undefined;
  const made = await madeBy(() => (app = new ExistingSignInApp("sign-in", args)));
  expect(namesOf(made)).toEqual(["ApplicationPassword sign-in", "ApplicationPassword sign-in-2"]);
  expect(oneOf(made, "ApplicationPassword", "sign-in")).toEqual({
    applicationId: "/applications/5a7e0000-0000-4000-8000-00000000000a",
    displayName: "bot-sign-in-dev-721f88",
    endDate: "2027-05-21T03:04:05Z",
  });
  expect(await valueOf(app!.clientId)).toBe(args.clientId);
});

test("where no connection needs a secret it gets a federated credential of ours instead", async () => {
  const made = await madeBy(
    () => new ExistingSignInApp("sign-in", { ...args, passwordsEnd: undefined, federated: true }),
  );
  expect(namesOf(made)).toEqual([
    "ApplicationFederatedIdentityCredential sign-in-token-store",
    "RandomUuid sign-in-token-store",
  ]);
});
