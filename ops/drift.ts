import { parseArgs } from "node:util";
import { AzureCallError } from "../infra/azure/azure-call-error";
import { deployerCredential } from "../infra/azure/deployer-credential";
import { otherVersions, unseenDifferences } from "./drift/blind-spots";
import { DriftError, readable } from "./drift/drift-error";
import { deploying } from "./deploying";
import { type Finding, refreshed } from "./drift/finding";
import { driftFailure } from "./drift/pulumi-failure";
import { isEmpty } from "./drift/state";
import { holdsMovedTypes, withMovedTypes } from "./moved-types";
import { PulumiStack } from "./pulumi";

const usage = `npm run drift -- <stack>

Finds what was changed by hand in Azure since the last pulumi up: refreshes the stack, then looks at what a refresh
cannot see (app settings, secrets, channels that the program never made). Names each field with its live value, and
writes the findings into the state, so that the next pulumi up puts them right. Changes nothing in Azure.

Ends with 0 where all is as deployed, with 2 where something differs, with 1 where it could not find out.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  const [name] = positionals;
  if (values.help || name === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const stack = new PulumiStack(name, driftFailure);
  const found = await stack.export("shown");
  if (isEmpty(found)) {
    throw new DriftError(
      "NOTHING_DEPLOYED",
      `${name} was never deployed, or was destroyed: nothing can differ`,
      deploying(name),
    );
  }
  const moves = holdsMovedTypes(found);
  await stack.refresh([], moves ? ["--run-program"] : []);
  const before = moves ? withMovedTypes(found) : found;
  const after = await stack.export("shown");
  const looked = await unseenDifferences(after, deployerCredential(process.env)).catch((error: unknown) => {
    throw curable(error, name);
  });
  const unseen = [...otherVersions(before, after), ...looked];
  if (unseen.length > 0) {
    const state = await stack.export("encrypted");
    for (const { mark } of unseen) mark(state);
    await stack.import(state);
  }
  const findings = [...refreshed(before, after), ...unseen];
  process.stdout.write(`${report(name, findings)}\n`);
  return findings.length > 0 ? 2 : 0;
}

/** Azure's refusal of a look that drift takes by itself, with the cure where one is known. */
function curable(error: unknown, stack: string): unknown {
  if (error instanceof AzureCallError || !(error instanceof Error)) return error;
  const { code = "" } = error as { code?: string };
  return readable(`${code} ${error.message}`, stack, process.env.ARM_TENANT_ID) ?? error;
}

function report(stack: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${stack}: Azure is as it was deployed.`;
  const lines = findings.map(
    ({ resource, field, live, deployed }) =>
      `${resource}\n  ${field}\n    live:     ${live}\n    deployed: ${deployed}`,
  );
  const count = findings.length === 1 ? "1 field differs" : `${findings.length} fields differ`;
  return `${lines.join("\n")}\n${stack}: ${count}. The next command puts it right: ${deploying(stack)}`;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
