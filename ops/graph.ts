import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";

export const command = {
  typed: "npm run graph --",
  takes: "<stack>",
  describes: `
Draws what a deployed stack's resources wait for, as Mermaid, each with the seconds that Azure takes to make it
(ops/graph/latencies.ts), and with the critical path thick: the first pulumi up cannot be quicker than that path. Reads
the stack's state, and asks nothing of Azure.`,
  options: { json: jsonOption },
  examples: ["npm run --silent graph -- prod > prod.mmd", "npm run --silent graph -- prod --json"],
  ends: { done: "it is drawn", held: "somebody else works on the stack" },
} as const satisfies Command;

runIfMain(module, command, async ({ operands: [stack = ""] }, { result, step }) => {
  const [{ graphOf }, { OpsError }, { asDocument, asMermaid }, { PulumiStack }, { deploying }] = await Promise.all([
    import("./graph/dependency-graph"),
    import("./cli/ops-error"),
    import("./graph/mermaid"),
    import("./pulumi/pulumi-stack"),
    import("./pulumi/deploying"),
  ]);
  step("Reading the state.");
  const graph = graphOf(await new PulumiStack(stack).export("encrypted"));
  if (graph.length === 0) {
    throw new OpsError("nothing-deployed", `The stack ${stack} has no resources yet`, deploying(stack));
  }
  result(asDocument(stack, graph), asMermaid(stack, graph).trimEnd());
  return "done";
});
