import type * as pulumi from "@pulumi/pulumi";
// Not from the SDK's index: see serve.ts.
import { all, Output } from "@pulumi/pulumi/output";
import { DependencyResource } from "@pulumi/pulumi/resource";
import type { BotSignInArgs } from "../bot-sign-in-args";
import { outputNames } from "./bot-sign-in-schema";
import { name as packageName } from "./own-package";

/** Arguments that decide what is made: they have to be there when the program runs. */
const plainArguments: readonly (keyof BotSignInArgs)[] = [
  "environment",
  "connections",
  "residency",
  "overrides",
  "code",
  "adopted",
];

/**
 * Makes the component for a program that got it by `pulumi package add`, in whatever language that is written.
 * @throws Error naming the argument that is not known yet; a SettingsError naming every wrong one
 */
export async function construct(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): Promise<pulumi.provider.ConstructResult> {
  if (type !== `${packageName}:index:BotSignIn`)
    throw new Error(`The provider ${packageName} has no component ${type}.`);
  for (const argument of plainArguments) {
    if ([inputs[argument] as unknown].flat().some((value) => Output.isInstance(value))) {
      throw new Error(`${argument} decides what is made: give its value outright, not the output of a resource.`);
    }
  }
  // Loaded here: whoever makes the component in a program of this checkout never needs it in the provider. With require,
  // because the loader of the provider's entry knows no other way.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { BotSignIn } = require("../bot-sign-in") as typeof import("../bot-sign-in");
  const args = { ...inputs };
  for (const argument of ["appSettings", "secretAppSettings"]) args[argument] = await spread(inputs[argument]);
  const component = new BotSignIn(name, args as unknown as BotSignInArgs, await withUrn(options));
  return {
    urn: component.urn,
    state: Object.fromEntries(outputNames.map((output) => [output, component[output]])),
  };
}

/**
 * Pulumi's SDK takes the URN of `deletedWith` for a provider's reference, of which the last part is an id, and the engine
 * then refuses it ("invalid DeletedWith URN"): the two parts are put together again.
 */
async function withUrn(options: pulumi.ComponentResourceOptions): Promise<pulumi.ComponentResourceOptions> {
  const { deletedWith, ...others } = options;
  if (!deletedWith) return others;
  const { urn, id } = deletedWith as pulumi.CustomResource;
  const parts = await new Promise<string[]>((known) => void all([urn, id]).apply(known));
  return { ...others, deletedWith: new DependencyResource(parts.join("::")) };
}

/**
 * An object of outputs, where Pulumi's protocol has made one secret output of the whole object: its names decide what is
 * made, and only its values are secret.
 */
async function spread(given: unknown): Promise<unknown> {
  if (!Output.isInstance<Readonly<Record<string, unknown>>>(given)) return given;
  const { promise } = given as unknown as { promise(): Promise<object | undefined> };
  const names = Object.keys((await promise.call(given)) ?? {});
  return Object.fromEntries(names.map((name) => [name, given.apply((all) => all[name])]));
}
