import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";

export interface EngineOptions {
  /** What a deployer of the local Azure needs: proxy, CA file, sign-in. */
  readonly deployer: Readonly<Record<string, string>>;
  /** Folder of Pulumi's state; it must be there. */
  readonly state: string;
  /** Opens the secrets in the state. */
  readonly passphrase: string;
  /** What PATH begins with: the plugin executables and the project's Node. */
  readonly path: string;
}

/**
 * Environment in which Pulumi's own CLI deploys the unchanged program into a local Azure: state in a folder, provider
 * plugins found on PATH.
 */
export function engineEnvironment(options: EngineOptions): Record<string, string> {
  const { deployer, state, passphrase, path } = options;
  return {
    ...deployer,
    PATH: [path, process.env.PATH].filter(Boolean).join(delimiter),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A plugin that is missing is then an error at once instead of a download that the proxy refuses.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
