import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalAzure } from "../../local/azure/azure";
import { codeChanged, KeptProgram } from "../../local/kept-program";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kept-program-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a stack's deployment is kept for the next start, each stack's by itself, for the owner alone", async () => {
  const dev = new KeptProgram(folder, "dev");
  expect(await dev.deployment()).toBeUndefined();
  const deployment = { outputs: { webApp: "bot" }, settings: { displayName: "Mail bot" } };
  await dev.keep(deployment);
  expect(await new KeptProgram(folder, "dev").deployment()).toEqual(deployment);
  expect(await new KeptProgram(folder, "prod").deployment()).toBeUndefined();
  expect((await stat(join(folder, "deployment.dev.json"))).mode & 0o777).toBe(0o600);
});

test("a deployment that cannot be read say which file it is and what to do", async () => {
  const file = join(folder, "deployment.dev.json");
  await writeFile(file, "{");
  await expect(new KeptProgram(folder, "dev").deployment()).rejects.toThrow(
    new RegExp(`^${file} cannot be read: .*Remove the data folder to begin anew\\.$`),
  );
});

test("code that was changed while nothing ran is seen; an app that does not answer counts as changed", async () => {
  const asked: string[] = [];
  const answering = (answer: Response): Pick<LocalAzure, "call"> => ({
    call: (_caller, url) => {
      asked.push(url);
      return Promise.resolve(answer);
    },
  });
  const outputs = { endpoint: "https://bot.azurewebsites.net/api/messages" };
  const running = (build: { hash: string }): Promise<boolean> =>
    codeChanged(answering(Response.json({ build })), "of this version", outputs);
  expect(await running({ hash: "of this version" })).toBe(false);
  expect(await running({ hash: "of another version" })).toBe(true);
  const silent = answering(new Response("Application Error", { status: 503 }));
  expect(await codeChanged(silent, "of this version", outputs)).toBe(true);
  expect(asked[0]).toBe("https://bot.azurewebsites.net/healthz");
});
