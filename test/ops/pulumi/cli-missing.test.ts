import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(__dirname, "../../..");

test("drift where Pulumi's CLI is not on PATH says so in one sentence with the command that brings it", () => {
  const tsx = resolve(root, "node_modules/tsx/dist/cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, resolve(root, "ops/drift.ts"), "dev"], {
    cwd: root,
    env: { PATH: "/nowhere" },
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: "Pulumi's CLI is not on PATH: npm install\n",
  });
});
