import * as pulumi from "@pulumi/pulumi";
import { shippedProvider } from "../../../infra/providers/shipped-provider";

/** Prints providers as Pulumi writes them into the stack's state. Run by ts-node, as Pulumi runs the program. */
async function main(names: readonly string[]): Promise<void> {
  const texts: Record<string, string> = {};
  for (const name of names) {
    const provider = shippedProvider(`${name}.provider.ts`);
    const options = { allowSecrets: true } as pulumi.runtime.SerializeFunctionArgs;
    texts[name] = (await pulumi.runtime.serializeFunction(() => provider, options)).text;
  }
  process.stdout.write(JSON.stringify(texts));
}

void main(process.argv.slice(2));
