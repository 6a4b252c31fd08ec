import "./node-version";
import "./platform";
import { delimiter, resolve } from "node:path";
import { type Asked, UsageError, wholeNumber } from "../cli/arguments";
import type { Command } from "../cli/command";
import { runIfMain } from "../cli/run";
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
import { portSetting } from "./port-setting";
import { exportLines, RunningAzure } from "./running-azure";
import { shellWord } from "../cli/shell-word";
import { logReader } from "./terminal";

export const command = {
  typed: "npm run azure --",
  takes: "",
  describes: `
Starts the local Azure alone, for any client, until Ctrl-C, and prints the environment that points a client at it.`,
  options: {
    data: {
      type: "string",
      value: "<folder>",
      does: "keeps everything over a restart: tenant, resources, secrets, signed-in users, deployed code (default DATA)",
    },
    pulumi: {
      type: "boolean",
      does: "has what Pulumi's own CLI needs as well: npm run azure:up then deploys into it; --data keeps its state, too",
    },
    stack: {
      type: "string",
      value: "<stack>",
      does: "with --pulumi: the stack that you mean to deploy (default dev), whose applications are registered at the local providers",
    },
    port: { type: "string", value: "<n>", does: "port of the pages (default PORT, else 5100; 0 for a free one)" },
    "proxy-port": {
      type: "string",
      value: "<n>",
      does: "port of the proxy (default a free one); with --data too, a restart changes none of the printed lines",
    },
    "env-file": {
      type: "string",
      value: "<path>",
      does: "writes the environment into a new file of yours alone, too, for node or docker --env-file; it goes at the end",
    },
    host: {
      type: "string",
      value: "<name>=http://localhost:<port>",
      multiple: true,
      does: "lends a server of yours to it: apps reach it as https://<name>",
    },
    propagation: {
      type: "string",
      value: "<seconds>",
      does: "until Entra's replicas know a new password, 0 to 300 (default 0); reports of Azure say 4 to 18",
    },
    fault: {
      type: "string",
      value: "<fault>",
      multiple: true,
      does: "switches a fault on; the page's panel switches it off",
    },
    policy: {
      type: "string",
      value: "<name>",
      multiple: true,
      does: "sets up a policy of tenant or subscription that deployments meet",
    },
    switch: {
      type: "string",
      value: "<name>",
      multiple: true,
      does: "chooses in a point in which nothing proves how Azure is",
    },
  },
  examples: [
    "npm run azure -- --data ~/local-azure",
    "npm run azure -- --pulumi --stack three-services",
    "npm run azure -- --fault graph-slow",
  ],
  lists: `
Faults:
${faultUsage}

Policies:
${seededPolicies.map(({ name, effect }) => `  ${name}: ${effect}`).join("\n")}

Switches:
${knownSwitches.map(({ name, effect, unproved }) => `  ${name}: ${effect} ${unproved}`).join("\n")}
`,
  ends: { done: "it was ended by Ctrl-C" },
} as const satisfies Command;

/** Serves until Ctrl-C, which ends the process. */
async function serve({ values }: Asked<typeof command.options>): Promise<void> {
  const port = portSetting(values.port, process.env.PORT);
  const proxyPort = wholeNumber("proxy-port", values["proxy-port"] ?? "0", 0, 65_535);
  const propagation = wholeNumber("propagation", values.propagation ?? "0", 0, 300);
  const { stack = "dev" } = values;
  if (values.stack !== undefined && !values.pulumi) {
    throw new UsageError(
      "wrong-value",
      `--stack ${stack} belongs to --pulumi: without it nothing is deployed from here`,
    );
  }
  const data = dataFolder(values.data, process.env.DATA);
  const file = values["env-file"];
  if (file !== undefined) await EnvFile.refuseExisting(file);
  const readable = logReader(false);
  const starting = startLocalAzure({
    port,
    proxyPort,
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
    origin: azure.browserOrigin,
    environment,
    path,
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

// npm's script ends in "--": without it Node takes --env-file, wherever it stands, for its own.
const args = process.argv.slice(2).filter((arg, at) => at > 0 || arg !== "--");
runIfMain(
  module,
  command,
  async (asked) => {
    await serve(asked);
    return "done";
  },
  args,
);
