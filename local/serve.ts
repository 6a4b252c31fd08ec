import "./node-version";
import "./platform";
import { delimiter, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startLocalAzure } from "./azure/azure";
import { lentHost } from "./azure/lent-hosts";
import { applyPolicy, seededPolicies } from "./azure/seeded-policies";
import { knownSwitches, turnOn } from "./azure/switches";
import { dataFolder } from "./data-folder-setting";
import { faultUsage } from "./door/fault-text";
import { localSecrets } from "./local-secrets";
import { pulumiByHand } from "./engine/by-hand";
import { EnvFile } from "./env-file";
import { deployedBot, ownPages } from "./page";
import { faultNamed, switchOn } from "./page/fault-panel";
import { exportLines, RunningAzure } from "./running-azure";
import { shellWord } from "./shell-word";
import { logReader } from "./terminal";
import { toldError } from "./told-error";

const usage = `npm run azure [-- options]

Starts the local Azure alone, for any client, until Ctrl-C.

  --data <folder>     keeps everything over a restart: tenant, resources, secrets, signed-in users, deployed code
  --pulumi            has what Pulumi's own CLI needs as well: npm run azure:up then deploys into it, from another terminal;
                      with --data its state is kept, too
  --stack <stack>     with --pulumi: the stack that you mean to deploy (default dev). The applications that its connections
                      name at GitHub or a company are registered at the local ones, and azure:up tells Pulumi their secrets
  --port <n>          port of the localhost form for browsers (default 5100, 0 for a free one)
  --proxy-port <n>    port of the proxy (default a free one). With --data too, a restart changes none of the lines below
  --env-file <path>   also writes the environment below into a new file of yours alone, for node --env-file or docker
                      --env-file; it is taken away at the end. What is there already is never overwritten
  --host <name>=http://localhost:<port>
                      lends a server of yours to it: apps reach it as https://<name>; may be given more than once
  --propagation <s>   seconds until Entra's replicas know a new password, 0 to 300 (default 0); reports of Azure say 4 to 18.
                      Until then AADSTS7000215, in the second half of the time for every other request
  --fault <fault>     switches a fault on, may be given more than once; the page's panel switches it off
  --policy <name>     sets up a policy of tenant or subscription that deployments meet, may be given more than once
  --switch <name>     chooses in a point in which nothing proves how Azure is, may be given more than once
  --help

npm run azure -- --data ~/local-azure
npm run azure -- --pulumi --stack three-services
npm run azure -- --fault graph-slow

Faults:
${faultUsage}

Policies:
${seededPolicies.map(({ name, effect }) => `  ${name}: ${effect}`).join("\n")}

Switches:
${knownSwitches.map(({ name, effect, unproved }) => `  ${name}: ${effect} ${unproved}`).join("\n")}
`;

const options = {
  data: { type: "string" },
  port: { type: "string" },
  "proxy-port": { type: "string" },
  "env-file": { type: "string" },
  propagation: { type: "string" },
  fault: { type: "string", multiple: true },
  policy: { type: "string", multiple: true },
  switch: { type: "string", multiple: true },
  host: { type: "string", multiple: true },
  pulumi: { type: "boolean" },
  stack: { type: "string" },
  help: { type: "boolean" },
} as const;

/** `npm run azure`: the local Azure alone; prints the environment that points any client at it. */
async function main(): Promise<void> {
  // npm's script ends in "--": without it Node takes --env-file, wherever it stands, for its own.
  const args = process.argv.slice(2).filter((arg, at) => at > 0 || arg !== "--");
  const { values } = parseArgs({ args, options });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const port = portNamed("--port", values.port ?? process.env.PORT ?? "5100");
  const proxyPort = portNamed("--proxy-port", values["proxy-port"] ?? "0");
  const { stack = "dev" } = values;
  if (values.stack !== undefined && !values.pulumi) {
    throw new Error(`--stack ${stack} belongs to --pulumi: without it nothing is deployed from here.`);
  }
  const propagation = Number(values.propagation ?? 0);
  if (!(propagation >= 0 && propagation <= 300)) {
    throw new Error(`--propagation is "${values.propagation}". Allowed: 0 to 300 seconds.`);
  }
  const data = dataFolder(values.data, process.env.DATA);
  const file = values["env-file"];
  if (file !== undefined) await EnvFile.refuseExisting(file);
  const readable = logReader(false);
  const starting = startLocalAzure({
    ...{ port, proxyPort },
    ...(data !== undefined && { data }),
    lent: (values.host ?? []).map(lentHost),
    onLog: (line) => process.stderr.write(`local Azure  ${line}\n`),
    ownPages: (own) => ownPages(own, () => deployedBot(own)),
    onAppLog: ({ app, text }) => process.stderr.write(`${app}  ${readable(text)}\n`),
  });
  let end = async (): Promise<void> => (await starting.catch(() => undefined))?.close();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void end().then(() => process.exit(0)));
  }
  const azure = await starting;
  let secrets: ReturnType<typeof localSecrets> = [];
  try {
    for (const name of values.policy ?? []) applyPolicy(azure, name);
    for (const name of values.switch ?? []) turnOn(azure.switches, name);
    azure.entra.lifetimes.passwordPropagation = propagation;
    for (const fault of values.fault ?? []) await switchOn(azure, faultNamed(azure, fault));
    if (values.pulumi) secrets = localSecrets(resolve(__dirname, ".."), stack, azure.oauthClients);
  } catch (error) {
    await azure.close();
    throw error;
  }
  const tools = await azure.toolEnvironment();
  const pulumi = values.pulumi ? pulumiByHand(tools, data) : undefined;
  const environment = pulumi?.environment ?? tools;
  const path = pulumi?.path;
  const whole = path === undefined ? environment : { ...environment, PATH: `${path}${delimiter}${process.env.PATH}` };
  const lines = Object.entries(whole).map(([name, value]) => `${name}=${value}`);
  const running = await RunningAzure.announce({
    ...{ origin: azure.browserOrigin, environment, path },
    ...(values.pulumi && { secrets: { [stack]: secrets } }),
  });
  let envFile: EnvFile | undefined;
  end = async () => {
    await running.end();
    const left = await envFile?.remove();
    if (left) process.stderr.write(`${left}\n`);
    pulumi?.close();
    await azure.close();
  };
  if (file !== undefined) {
    envFile = await EnvFile.create(file, `${lines.join("\n")}\n`).catch(async (error: unknown) => {
      await end();
      throw error;
    });
  }
  process.stdout.write(
    `# Local Azure at ${azure.browserOrigin}/<host>/... Give these to the one process that needs them, or to one shell by\n` +
      `#   eval "$(npm run -s azure:env)"\n`,
  );
  process.stdout.write(exportLines({ environment, path }));
  if (pulumi) {
    const named = values.stack === undefined ? "" : ` -- --stack ${shellWord(stack)}`;
    process.stdout.write(`# Then, in another terminal: npm run azure:up${named}\n`);
  }
}

/** @throws Error where it is no port, which says what is allowed */
function portNamed(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${option} is "${text}", which is no port. Allowed: 0 to 65535.`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${toldError(error, "npm run azure -- --help lists what it takes.", Object.keys(options))}\n`);
  process.exit(1);
});
