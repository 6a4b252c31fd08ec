import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";
import { findPython } from "./support/az";

const python = findPython();
if (python === undefined) {
  process.stderr.write(
    "No python3 here has Azure's clients, so they are skipped. npm run test:az -- --install brings them.\n",
  );
}

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
});
afterAll(() => azure.close());

(python === undefined ? test.skip : test)("scripts with Azure's and Graph's Python clients are served", async () => {
  const env = { HOME: process.env.HOME, PATH: process.env.PATH, ...(await azure.toolEnvironment()) };
  const script = join(__dirname, "support", "python_clients.py");
  const { stdout } = await promisify(execFile)(python!, [script], { env });
  const told = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { what: string; error?: string });
  expect(told.length).toBeGreaterThan(20);
  expect(told.filter(({ error }) => error !== undefined)).toEqual([]);
});
