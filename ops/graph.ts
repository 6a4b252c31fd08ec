import { parseArgs } from "node:util";
import { deploying } from "./deploying";
import { graphOf } from "./graph/dependency-graph";
import { graphFailure, GraphError } from "./graph/graph-error";
import { asMermaid } from "./graph/mermaid";
import { PulumiStack } from "./pulumi";

const usage = `npm run graph -- <stack>

Draws what a deployed stack's resources wait for, as Mermaid, each with the seconds that Azure takes to make it
(ops/graph/latencies.ts), and with the critical path thick: the first pulumi up cannot be quicker than that path. Reads
the stack's state, and asks nothing of Azure.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  const [name] = positionals;
  if (values.help || name === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const graph = graphOf(await new PulumiStack(name, graphFailure).export("encrypted"));
  if (graph.length === 0) {
    throw new GraphError("NOTHING_DEPLOYED", `The stack ${name} has no resources yet`, deploying(name));
  }
  process.stdout.write(asMermaid(name, graph));
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
