import { parseArgs } from "node:util";
import { environmentText } from "../infra/decisions/environment";
import { SettingsError } from "../infra/settings-error";
import { AzureCallError } from "../infra/azure/azure-call-error";
import { report } from "./preflight/finding";
import { preflight } from "./preflight/preflight";
import { PreflightError } from "./preflight/preflight-error";
import { stackSettings } from "./preflight/stack-settings";
import { YamlFileError } from "../infra/yaml-file";

const usage = `npm run preflight -- <stack>

Says what environment the stack is and what follows from it, then what a deployment of it needs and whether whoever is
signed in has it: Azure roles, rights in Entra, registered resource providers. Of a project at GitHub it says as which
subject its jobs sign in, and whether their applications trust exactly that. What is missing comes with the command that
fixes it. Signs in as Pulumi's providers do (the ARM_* variables, else the Azure CLI), creates nothing, and needs neither
Pulumi's CLI nor the state.

Ends with 0 where nothing is missing, else with 1.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  const [stack] = positionals;
  if (values.help || stack === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 1;
  }
  const settings = await stackSettings(process.cwd(), stack, process.env);
  process.stdout.write(`${environmentText(stack, settings)}\n`);
  const findings = await preflight(process.cwd(), stack, process.env);
  process.stdout.write(`${report(stack, findings)}\n`);
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const known = [PreflightError, SettingsError, YamlFileError, AzureCallError].some((kind) => error instanceof kind);
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${known ? text : `The preflight itself failed: ${text}`}\n`);
    process.exitCode = 1;
  },
);
