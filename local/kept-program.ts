import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { healthRoute, type Health } from "../contract/app-settings";
import { writeWhole } from "../infra/code/whole-file";
import type { LocalAzure } from "./azure/azure";

type Outputs = Record<string, unknown>;

/** The outputs of a stack that was deployed into a data folder, kept beside its state. */
export class KeptProgram {
  readonly #file: string;

  constructor(folder: string, stack: string) {
    this.#file = join(folder, `outputs.${stack}.json`);
  }

  /** The outputs of the deployment that the folder holds; undefined where there is none. */
  async outputs(): Promise<Outputs | undefined> {
    try {
      return JSON.parse(await readFile(this.#file, "utf8")) as Outputs;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new Error(
        `${this.#file} cannot be read: ${(error as Error).message}. Remove the data folder to begin anew.`,
      );
    }
  }

  keep(outputs: Outputs): Promise<void> {
    return writeWhole(this.#file, JSON.stringify(outputs), 0o600);
  }
}

/** True where the running bot is not the code with this hash, or does not say so. */
export async function codeChanged(azure: Pick<LocalAzure, "call">, hash: string, outputs: Outputs): Promise<boolean> {
  const answer = await azure.call("local Azure", `${new URL(String(outputs.endpoint)).origin}${healthRoute}`);
  const health = (await answer.json().catch(() => undefined)) as Health | undefined;
  return health?.build?.hash !== hash;
}
