import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLocalAzure, type LocalAzure } from "../../local/azure/azure";

/** A Java that runs a source file, which one without a compiler does not. */
const java = spawnSync("java", ["--list-modules"], { encoding: "utf8" }).stdout?.includes("jdk.compiler");
if (!java) process.stderr.write("There is no JDK here, so that Java's clients are skipped.\n");

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
});
afterAll(() => azure.close());

(java ? test : test.skip)("Java's HTTP clients reach Azure and trust it by what the environment says", async () => {
  const env = { HOME: process.env.HOME, PATH: process.env.PATH, ...(await azure.toolEnvironment()) };
  const { stdout } = await promisify(execFile)("java", [join(__dirname, "support", "JavaClients.java")], { env });
  expect(stdout.trim()).toBe("200 200");
});
