import { Workshop } from "../../test/engine/support/stack";

/**
 * Milliseconds of the first `pulumi up` and of one that changes nothing, by the real CLI into a local Azure without
 * latency, as one line of JSON. Everything that is measured is of the checkout that holds this file: bench/before.ts puts a
 * copy of it into another one.
 */
async function main(): Promise<void> {
  const workshop = await Workshop.open();
  try {
    const stack = await workshop.stack("dev");
    const up = async (): Promise<number> => {
      const began = performance.now();
      const { code, text } = await stack.up();
      if (code !== 0) throw new Error(`pulumi up ended with ${code}\n${text}`);
      return performance.now() - began;
    };
    const first = await up();
    const again = await up();
    process.stdout.write(`${JSON.stringify({ first, again })}\n`);
  } finally {
    await workshop.close();
  }
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
