import * as pulumi from "@pulumi/pulumi";
import { asConfig, deploy, devConfig, runProgram, project } from "../program";

async function loadWith(
  changes: object,
  encrypted: string[] = [],
  stack = "dev",
): Promise<{ error: unknown; created: number }> {
  const newResource = jest.fn();
  await pulumi.runtime.setMocks({ newResource, call: jest.fn() }, project, stack);
  const { [`${project}:environment`]: _byItsName, ...dev } = devConfig();
  pulumi.runtime.setAllConfig({ ...dev, ...asConfig(changes) }, encrypted);
  try {
    runProgram();
  } catch (error) {
    return { error, created: newResource.mock.calls.length };
  }
  throw new Error("The program deployed");
}

test("a wrong setting fails the preview with one readable line and no stack trace, and nothing is created", async () => {
  const { error, created } = await loadWith({ residency: "Europe" });
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toBe(
    'Setting residency is "Europe" [wrong-value]. Did you mean europe? Allowed: global, europe, india. ' +
      "Example: pulumi config set residency europe\nNothing was created.",
  );
  expect(created).toBe(0);
});

test("whoever runs pulumi up reads first what environment it deploys and what follows from it", async () => {
  const { infos } = await deploy({}, { stack: "staging" });
  expect(infos).toEqual([expect.stringMatching(/^staging is a staging environment, by its name: .*; protected; /)]);
});

test("a stack that may be production and does not say so deploys nothing, and is told the line that says it", async () => {
  const { error, created } = await loadWith({ environment: undefined }, [], "eu-prod");
  expect((error as Error).message).toBe(
    "Setting environment is not set [missing-setting]. The name eu-prod looks like prod, but of stacks' names only dev, " +
      "staging and prod say by themselves what a stack is. Allowed: preview, dev, staging, prod. " +
      "Example: pulumi config set environment prod --stack eu-prod\nNothing was created.",
  );
  expect(created).toBe(0);
});

test("a secret that Pulumi keeps encrypted is accepted, the same in clear is not", async () => {
  const key = "azuread:clientSecret";
  const { error } = await loadWith({ [key]: "in-clear" });
  expect((error as Error).message).toContain(`Setting ${key} is a secret (not shown) [plain-secret].`);
  const recording = await deploy({ [key]: "encrypted-value" }, { encrypted: [key] });
  expect(recording.outputs["connections"]).toEqual(["GraphConnection"]);
  expect(JSON.stringify(recording)).not.toContain("encrypted-value");
});
