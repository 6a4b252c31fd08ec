import { setGlobalProxyFromEnv } from "node:http";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { startLocalAzure, type LocalAzure, type LocalAzureOptions } from "../../local/azure/azure";
import { runProgram } from "../../local/embedded";
import { withLocalSecrets } from "../../local/local-secrets";

export const root = resolve(__dirname, "../..");

/** A local Azure into which the unchanged program was deployed. */
export interface Deployed {
  readonly azure: LocalAzure;
  readonly outputs: Record<string, unknown>;
  /** What the deployed bot wrote. */
  readonly log: string[];
  /** Warnings of the program. */
  readonly warnings: string[];
  close(): Promise<void>;
}

/**
 * Starts a local Azure on free ports and deploys `infra/index.ts` into it, with the settings of Pulumi.dev.yaml or of another
 * stack, whose missing secrets are made as `npm start` makes them.
 */
export async function deploy(
  options: Partial<LocalAzureOptions> & {
    config?: Record<string, string>;
    stack?: string;
    /** What the program's process gets besides. */
    environment?: Record<string, string>;
    /** What is there before the program runs. */
    before?: (azure: LocalAzure) => Promise<void>;
  } = {},
): Promise<Deployed> {
  const log: string[] = [];
  const warnings: string[] = [];
  const { config, stack = "dev", environment, before, ...azureOptions } = options;
  const azure = await startLocalAzure({
    port: 0,
    onLog: (line) => log.push(line),
    onAppLog: ({ text }) => log.push(text),
    ...azureOptions,
  });
  try {
    await before?.(azure);
    const connections = withLocalSecrets(root, stack, azure.oauthClients);
    const { outputs } = await runProgram({
      root,
      stack,
      environment: { ...(await azure.deployerEnvironment()), ...environment },
      onEvent: ({ kind, message }) => {
        if (kind === "warning") warnings.push(message ?? "");
      },
      ...(config && { config }),
      ...(connections !== undefined && { secretConfig: { connections } }),
    });
    return { azure, outputs, log, warnings, close: () => azure.close() };
  } catch (error) {
    await azure.close();
    throw error;
  }
}

/**
 * Makes this very process reach the local Azure by real names, as HTTPS_PROXY and NODE_EXTRA_CA_CERTS do for a new one.
 * The function returned undoes it.
 */
export async function connectThisProcess(azure: LocalAzure, caller: string): Promise<() => void> {
  const environment = await azure.environmentFor(caller);
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, readFileSync(environment.NODE_EXTRA_CA_CERTS as string, "utf8")]);
  const restore = setGlobalProxyFromEnv({
    HTTPS_PROXY: environment.HTTPS_PROXY,
    NO_PROXY: environment.NO_PROXY,
  }) as unknown as (() => void) | undefined;
  // Azure's own clients read these two and bring a proxy agent of their own.
  const { HTTPS_PROXY, NO_PROXY } = process.env;
  Object.assign(process.env, { HTTPS_PROXY: environment.HTTPS_PROXY, NO_PROXY: environment.NO_PROXY });
  return () => {
    restore?.();
    setDefaultCACertificates(before);
    for (const [name, value] of Object.entries({ HTTPS_PROXY, NO_PROXY })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
