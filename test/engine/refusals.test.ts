import { ClientSecretCredential } from "@azure/identity";
import { randomUUID } from "node:crypto";
import { connectThisProcess } from "../support/deployed";
import { newApplication, type ApplicationOfTenant } from "../support/directory";
import { Stack, Workshop } from "./support/stack";

jest.setTimeout(300_000);

let workshop: Workshop;
let stack: Stack;
let stranger: ApplicationOfTenant;

beforeAll(async () => {
  workshop = await Workshop.open();
  const disconnect = await connectThisProcess(workshop.azure, "client");
  const { tenantId, deployer } = workshop.azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  stranger = await newApplication(credential, "stranger");
  disconnect();
  stack = await workshop.stack("dev");
  expect(await stack.up()).toMatchObject({ code: 0 });
});
afterAll(() => workshop?.close());

/** What drift writes where it cannot look: one line. */
async function refusal(changed: Record<string, string | undefined>, of = stack): Promise<string> {
  const { code, text } = await of.drift(changed);
  expect(code).toBe(1);
  return text;
}

const noPassphrase = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: undefined };

test("drift without the passphrase, and with another one", async () => {
  expect(await refusal(noPassphrase)).toMatch(
    /^The passphrase that opens the secrets of the stack dev is not set: .*PULUMI_CONFIG_PASSPHRASE.*\n$/,
  );
  expect(await refusal({ ...noPassphrase, PULUMI_CONFIG_PASSPHRASE: "another" })).toMatch(
    /^The passphrase is not the one of the stack dev: set PULUMI_CONFIG_PASSPHRASE .*\n$/,
  );
});

test("drift without a backend, and with one that is not there", async () => {
  expect(await refusal({ PULUMI_BACKEND_URL: undefined })).toMatch(
    /^Nothing says where Pulumi's state is: export PULUMI_BACKEND_URL=.*\n$/,
  );
  expect(await refusal({ PULUMI_BACKEND_URL: "file:///nowhere/at/all" })).toMatch(
    /^Pulumi's state at file:\/\/\/nowhere\/at\/all cannot be reached: correct PULUMI_BACKEND_URL.*\n$/,
  );
});

test("drift of a stack that nobody made", async () => {
  expect(await refusal({}, new Stack(workshop, "nobodys"))).toBe(
    "There is no stack nobodys in this state: pulumi stack ls shows those that there are\n",
  );
});

test("drift signed in to another tenant, and with a secret that has ended", async () => {
  expect(await refusal({ ARM_TENANT_ID: randomUUID() })).toMatch(
    /^The tenant \S+ does not exist or does not know who signs in \(AADSTS90002\): set ARM_TENANT_ID .*\n$/,
  );
  expect(await refusal({ ARM_CLIENT_SECRET: "ended" })).toMatch(
    /^The client secret of the deploying application has ended or is wrong \(AADSTS7000215\): az ad app credential reset .*\n$/,
  );
});

test("drift by somebody without a role names the right and the command that gives the role", async () => {
  const text = await refusal({ ARM_CLIENT_ID: stranger.clientId, ARM_CLIENT_SECRET: stranger.secret });
  expect(text).toMatch(
    /^Whoever is signed in may not \S+: az role assignment create .* --role Contributor --scope .*\n$/,
  );
  expect(text).toContain(`--assignee ${stranger.principalId} `);
});
