import * as pulumi from "@pulumi/pulumi";
import { azureAnswers } from "../support/azure-answers";
import { open, type Properties } from "../support/recorder";
import { devConfig, loadProgram, project } from "./program";

/** As people write unit tests of a Pulumi program: Pulumi's own mocks, and nothing of this project's recorder. */
test("the whole program runs under pulumi.runtime.setMocks, so that a unit test of one's own can look at every resource", async () => {
  const made: string[] = [];
  jest.spyOn(console, "warn").mockReturnValue();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (!custom) return { id: "", state: {} };
        made.push(`${type} ${name}`);
        const plain = open(inputs as Properties).plain as Properties;
        const { id = name, outputs = {} } = azureAnswers.resource(type, name, plain);
        return { id, state: { ...plain, ...outputs } };
      },
      call: ({ token, inputs }) => azureAnswers.invoke(token, inputs as Properties),
    },
    project,
    "dev",
  );
  pulumi.runtime.setAllConfig(devConfig());
  const outputs = loadProgram() as { endpoint: pulumi.Output<string>; codeHash: pulumi.Output<string> };

  const endpoint = await new Promise<string>((done) => outputs.endpoint.apply(done));
  expect(endpoint).toMatch(/^https:\/\/bot-sign-in-dev-[^/]+\.azurewebsites\.net\/api\/messages$/);
  await new Promise<string>((done) => outputs.codeHash.apply(done));
  expect(made.filter((one) => /^azuread:index\/application:|:WebApp |:Vault /.test(one)).sort()).toEqual([
    "azure-native:keyvault:Vault vault",
    "azure-native:web:WebApp host",
    "azuread:index/application:Application bot",
    "azuread:index/application:Application sign-in",
  ]);
});
