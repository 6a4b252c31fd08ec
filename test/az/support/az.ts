import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The version that the tests were written with, and that `--install` brings. */
export const azVersion = "2.91.0";

/** Azure's and Microsoft Graph's clients for Python that `python_clients.py` is written with. */
const pythonClients = [
  "azure-identity==1.27.0",
  "azure-keyvault-keys==4.11.3",
  "azure-keyvault-secrets==4.12.0",
  "azure-mgmt-authorization==4.0.0",
  "azure-mgmt-botservice==2.0.0",
  "azure-mgmt-keyvault==14.1.0",
  "azure-mgmt-loganalytics==14.0.0",
  "azure-mgmt-msi==7.1.0",
  "azure-mgmt-resource==26.0.0",
  "azure-mgmt-storage==25.3.0",
  "azure-mgmt-web==11.0.1",
  "azure-storage-blob==12.31.1",
  "msgraph-sdk==1.65.0",
];

/** Where `npm run test:az -- --install` puts them: Python environments of their own, beside what the project can get again. */
const cache = resolve(__dirname, "../../../node_modules/.cache/bot-sign-in");
const own = join(cache, "az");
const ownPython = join(cache, "python");

/** The folder with az that is used: PATH's, or our own; undefined where there is none. */
export function findAz(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(own, "bin")];
  return folders.find((folder) => folder !== "" && existsSync(join(folder, "az")));
}

/** A Python that has the clients: PATH's, or our own; undefined where there is none. */
export function findPython(): string | undefined {
  const imports = "import azure.mgmt.botservice, azure.storage.blob, msgraph";
  return ["python3", join(ownPython, "bin", "python3")].find(
    (python) => spawnSync(python, ["-c", imports], { stdio: "ignore" }).status === 0,
  );
}

/** Brings az by pip into a folder of its own; a few minutes and 700 MB. Throws where Python or the package cannot be had. */
export const installAz = (): void => install(own, [`azure-cli==${azVersion}`]);

/** Brings the clients for Python likewise: 300 MB. */
export const installPython = (): void => install(ownPython, pythonClients);

function install(folder: string, packages: readonly string[]): void {
  const run = (command: string, args: string[]): void => {
    const { status, error } = spawnSync(command, args, { stdio: "inherit" });
    if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")} ended with ${status}`);
  };
  run("python3", ["-m", "venv", folder]);
  run(join(folder, "bin", "pip"), ["install", "--quiet", ...packages]);
}
