import { CommandError } from "./command-error";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { healthRoute, type Health } from "../contract/app-settings";
import { writeWhole } from "../infra/code/whole-file";
import type { LocalAzure } from "./azure/azure";
import type { Settings } from "./settings-watch";

type Outputs = Record<string, unknown>;

/** What was deployed: the program's outputs, and the settings of the stack that it was deployed with. */
export interface Deployment {
  readonly outputs: Outputs;
  readonly settings: Settings;
}

/** The deployment of a stack into a data folder, kept beside its state. */
export class KeptProgram {
  readonly #file: string;

  constructor(folder: string, stack: string) {
    this.#file = join(folder, `deployment.${stack}.json`);
  }

  /** The deployment that the folder holds; undefined where there is none. */
  async deployment(): Promise<Deployment | undefined> {
    try {
      return JSON.parse(await readFile(this.#file, "utf8")) as Deployment;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new CommandError(
        "not-kept",
        `${this.#file} cannot be read: ${(error as Error).message}. Remove the data folder to begin anew.`,
      );
    }
  }

  /** Writes it whole and for its owner alone: settings may hold what nobody encrypted. */
  keep(deployment: Deployment): Promise<void> {
    return writeWhole(this.#file, JSON.stringify(deployment), 0o600);
  }
}

/** True where the running bot is not the code with this hash, or does not say so. */
export async function codeChanged(azure: Pick<LocalAzure, "call">, hash: string, outputs: Outputs): Promise<boolean> {
  const answer = await azure.call("local Azure", `${new URL(String(outputs.endpoint)).origin}${healthRoute}`);
  const health = (await answer.json().catch(() => undefined)) as Health | undefined;
  return health?.build?.hash !== hash;
}
