import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { azureAnswers } from "./azure-answers";
import { open, type Properties } from "./recorder";

/** A resource as Pulumi's own mocks see it. */
export interface Made {
  readonly type: string;
  readonly name: string;
  /** Secrets laid open. */
  readonly inputs: Properties;
}

/**
 * Makes resources under `pulumi.runtime.setMocks`, as anybody's unit test of a Pulumi program does it, and gives all that
 * was made: Azure's resources, components left out.
 */
export async function madeBy(program: () => unknown, stack = "dev", project = "bot-sign-in"): Promise<Made[]> {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        if (!custom) return { id: "", state: {} };
        const plain = open(inputs as Properties).plain as Properties;
        made.push({ type, name, inputs: plain });
        const { id = name, outputs = {} } = azureAnswers.resource(type, name, plain);
        return { id, state: { ...plain, ...outputs } };
      },
      call: ({ token, inputs }) => azureAnswers.invoke(token, inputs as Properties),
    },
    project,
    stack,
  );
  pulumi.runtime.setAllConfig({});
  program();
  await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return made;
}

/** What an output is in the end. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((done) => void output.apply(done));
}

/** The one resource of this type (its last part: `Vault`), or of this type and name. */
export function oneOf(made: readonly Made[], type: string, name?: string): Properties {
  const found = made.filter((one) => one.type.endsWith(`:${type}`) && (name === undefined || one.name === name));
  if (found.length !== 1) throw new Error(`${found.length} resources are a ${type}${name ? ` called ${name}` : ""}`);
  return found[0]!.inputs;
}

/** Type and name of all that was made, in order: `Vault mail`. */
export function namesOf(made: readonly Made[]): string[] {
  return made.map(({ type, name }) => `${type.split(/[:/]/).at(-1)} ${name}`).sort();
}
