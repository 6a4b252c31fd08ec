import "./node-version";
import "./platform";
import { resolve } from "node:path";
import type { Asked } from "../cli/arguments";
import type { Command } from "../cli/command";
import { runIfMain } from "../cli/run";
import { packageBrought } from "../infra/code/brought-code";
import { fetchWebChat } from "../infra/code/fetch-web-chat";
import { packageBot } from "../infra/code/package";
import type { BroughtCode } from "../infra/deployment/code";
import { dataFolder } from "./data-folder-setting";
import { startLocalAzure, type LocalAzure } from "./azure/azure";
import { lentHost } from "./azure/lent-hosts";
import { turnOn } from "./azure/switches";
import { runProgram } from "./embedded";
import { stackSettings } from "./embedded/project";
import { ownPages, type DeployedBot } from "./page";
import { faultNamed, switchOn } from "./page/fault-panel";
import { codeChanged, KeptProgram } from "./kept-program";
import { withLocalSecrets } from "./local-secrets";
import { portSetting } from "./port-setting";
import { push, type Redeployed, redeployOnChange } from "./redeploy";
import { watchSettings } from "./settings-watch";
import { TeamsAppAtStart } from "./teams-app";
import { logReader, seconds, Terminal } from "./terminal";

export const command = {
  typed: "npm start --",
  takes: "",
  describes: `
Starts the local Azure, deploys the unchanged program into it, and serves the bot and its pages until Ctrl-C. What changes in
the bot's code is deployed again by itself.`,
  options: {
    stack: { type: "string", value: "<stack>", does: "whose settings are deployed (default STACK, else dev)" },
    port: { type: "string", value: "<n>", does: "port of the pages (default PORT, else 5100)" },
    data: {
      type: "string",
      value: "<folder>",
      does: "keeps the local Azure and all that is in it over a restart (default DATA)",
    },
    fault: {
      type: "string",
      value: "<fault>",
      multiple: true,
      does: "switches a fault on once all is deployed; npm run azure -- --help lists them",
    },
    switch: {
      type: "string",
      value: "<name>",
      multiple: true,
      does: "chooses in a point in which nothing proves how Azure is; npm run azure -- --help lists them",
    },
    host: {
      type: "string",
      value: "<name>=http://localhost:<port>",
      multiple: true,
      does: "lends a server of yours to it: apps reach it as https://<name>",
    },
  },
  examples: [
    "npm start",
    "npm start -- --stack three-services",
    "npm start -- --data ~/local-azure",
    "npm start -- --fault graph-slow",
  ],
  ends: { done: "it was ended by Ctrl-C" },
} as const satisfies Command;

/** Deploys the program and serves it; what comes back is up until Ctrl-C, which ends the process. */
async function start({ values }: Asked<typeof command.options>): Promise<void> {
  const root = resolve(__dirname, "..");
  const terminal = new Terminal();
  const readable = logReader(process.stdout.isTTY === true);
  const began = performance.now();
  const ending = new AbortController();
  const stack = values.stack ?? process.env.STACK ?? "dev";
  const port = portSetting(values.port, process.env.PORT);
  const data = dataFolder(values.data, process.env.DATA);
  // A name that is misspelt is said before minutes of work.
  stackSettings(root, stack);

  terminal.line("Local Azure: nothing of this leaves the machine.");
  // Before the program runs: its process reaches the local Azure only, and npm's registry is not part of that.
  await fetchWebChat(root, (line) => terminal.line(line));
  let bot: DeployedBot | undefined;
  const teamsApp = new TeamsAppAtStart();
  const starting = startLocalAzure({
    port,
    ...(data !== undefined && { data }),
    lent: (values.host ?? []).map(lentHost),
    onLog: (line) => terminal.line(`local Azure  ${line}`),
    onAppLog: ({ app, text }) => terminal.line(`${app}  ${readable(text)}`),
    ownPages: (own) => ownPages(own, () => bot, teamsApp.told),
  });
  let stopWatching: (() => Promise<void>) | undefined;
  const end = async (status: number): Promise<never> => {
    ending.abort();
    terminal.live("");
    await stopWatching?.();
    // Also where Ctrl-C comes while it is still starting: what it has made by then must go.
    await (await starting.catch(() => undefined))?.close();
    process.exit(status);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!ending.signal.aborted) void end(signal === "SIGINT" ? 0 : 143);
    });
  }
  const azure = await starting;

  try {
    for (const name of values.switch ?? []) turnOn(azure.switches, name);
    const faults = (values.fault ?? []).map((fault) => faultNamed(azure, fault));
    const environment = await azure.deployerEnvironment();
    const program = data === undefined ? undefined : new KeptProgram(data, stack);
    const kept = await program?.deployment();
    // Read before the program runs: what is saved meanwhile was not deployed.
    const settings = kept?.settings ?? stackSettings(root, stack);
    const connections = kept ? undefined : withLocalSecrets(root, stack, azure.oauthClients);
    const outputs = kept?.outputs ?? (await deploy({ root, stack, connections }, environment, terminal, ending.signal));
    const redeployed = { root, outputs, environment, code: settings.code as BroughtCode | undefined };
    if (kept) await resume(azure, redeployed, terminal, ending.signal);
    else {
      // The deployment last: where it is kept, everything that it names is kept, too.
      await azure.save();
      await program?.keep({ outputs, settings });
    }
    bot = { host: new URL(String(outputs.chatAddress)).host };
    for (const fault of faults) await switchOn(azure, fault);
    announce(terminal, azure, began, data);
    const say = (line: string): void => terminal.line(line);
    const app = teamsApp.install(azure, { root, stack, environment }, ending.signal);
    const watches = [
      redeployOnChange(redeployed, say),
      watchSettings({ root, stack, kept: data !== undefined, deployed: settings }, say),
    ];
    stopWatching = async () => void (await Promise.all([app, ...watches.map((stop) => stop())]));
  } catch (error) {
    if (ending.signal.aborted) return;
    terminal.line(`\n${error instanceof Error ? error.message : String(error)}`);
    await end(1);
  }
}

/** Goes on with what an earlier start deployed; only the bot's code is deployed again, where it has changed. */
async function resume(
  azure: LocalAzure,
  redeployed: Redeployed,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  terminal.line("The data folder holds the deployment of an earlier start: infra/index.ts is not run again.");
  const { root, outputs, code } = redeployed;
  const { hash } = await (code ? packageBrought(root, root, code) : packageBot(root));
  // A bot that reports nothing of itself is deployed again.
  if (!(await codeChanged(azure, hash, outputs))) return;
  terminal.line("The bot's code has changed since. Deploying the bot again.");
  await push(redeployed, (line) => terminal.line(line), signal);
}

async function deploy(
  { root, stack, connections }: { root: string; stack: string; connections: string | undefined },
  environment: Record<string, string>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  terminal.line(`Deploying infra/index.ts with Pulumi.${stack}.yaml (embedded runner: creates only)`);
  const creating = new Set<string>();
  let created = 0;
  const { outputs } = await runProgram({
    root,
    stack,
    environment,
    signal,
    ...(connections !== undefined && { secretConfig: { connections } }),
    onEvent: ({ kind, type, name, milliseconds, message }) => {
      const resource = `${type ?? ""} ${name ?? ""}`;
      if (kind === "creating") creating.add(resource);
      if (kind === "warning") terminal.line(`  warning: ${message}`);
      if (kind === "note") terminal.line(`  note: ${message}`);
      if (kind === "failed") terminal.line(`  failed   ${resource}`);
      if (kind === "created") {
        creating.delete(resource);
        created++;
        terminal.line(`  ${seconds(milliseconds ?? 0).padStart(6)}  ${resource}`);
      }
      terminal.live(`  ${created} made, ${creating.size} under way: ${[...creating].at(-1) ?? ""}`);
    },
  });
  terminal.live("");
  terminal.line(`  ${created} resources`);
  return outputs;
}

function announce(terminal: Terminal, azure: LocalAzure, began: number, data: string | undefined): void {
  terminal.line("");
  terminal.line(`Chat: ${azure.browserOrigin}/`);
  terminal.line(`Teams: ${azure.browserOrigin}/#teams`);
  const left = data === undefined ? "leaves nothing behind" : `keeps all of it in ${data}`;
  terminal.line(`Ready after ${seconds(performance.now() - began)}. Ctrl-C ends it and ${left}.`);
}

runIfMain(module, command, async (asked) => {
  await start(asked);
  return "done";
});
