import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties, Recorded } from "../support/recorder";
import { deploy } from "./program";

const file = join(__dirname, "../fixtures/dev-resources.json");

/** A custom resource as Azure sees it: Pulumi's name of it is nobody's business there, nor is the type of what is the program's own. */
function asAzureSees({ type, inputs }: Recorded): { type: string; inputs: Properties } {
  return { type: type.startsWith("bot-sign-in:index:") ? "own" : type, inputs };
}

test("the settings of Pulumi.dev.yaml deploy what they always did: a change here is a change of everybody's deployment", async () => {
  const { resources } = await deploy();
  const found = resources
    .filter(
      ({ type }) =>
        !/^(bot-sign-in:infra:|bot-sign-in:index:(BotSignIn|Preconditions|Protection)$|pulumi:pulumi:Stack)/.test(type),
    )
    .map(asAzureSees)
    .map((one) => JSON.stringify(one))
    .sort()
    .map((text) => JSON.parse(text) as unknown);
  expect(found).toEqual(JSON.parse(readFileSync(file, "utf8")));
});
