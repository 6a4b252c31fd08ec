import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsChanged, watchSettings } from "../../local/settings-watch";

const graph = { name: "Graph", scopes: ["User.Read"], skill: "mail" };

test.each([
  ["nothing", { connections: [graph] }, []],
  [
    "a connection more",
    { connections: [graph, { name: "GitHub", clientSecret: "s3cret" }] },
    ["adds the connection GitHub"],
  ],
  ["none any more", { connections: [] }, ["removes the connection Graph"]],
  [
    "another scope and a secret",
    { connections: [{ ...graph, scopes: [], clientSecret: "s3cret" }] },
    ["changes scopes, clientSecret of Graph"],
  ],
  ["another setting", { connections: [graph], displayName: "Bot" }, ["adds displayName"]],
])("%s is told by name, never by value", (_what, after, changes) => {
  const told = settingsChanged({ connections: [graph] }, after);
  expect(told).toEqual(changes);
  expect(told.join()).not.toContain("s3cret");
});

describe("while npm start runs", () => {
  const root = mkdtempSync(join(tmpdir(), "settings-watch-"));
  const write = (settings: string): void => writeFileSync(join(root, "Pulumi.dev.yaml"), `config:\n${settings}`);
  afterAll(() => rmSync(root, { recursive: true }));

  test("a person who saves the stack's file reads what changed and how it takes effect", async () => {
    writeFileSync(join(root, "Pulumi.yaml"), "name: bot-sign-in\n");
    write("  displayName: Mail bot\n");
    const said: string[] = [];
    const deployed = { displayName: "Mail bot" };
    const stop = watchSettings({ root, stack: "dev", kept: false, deployed }, (line) => said.push(line));
    const next = async (lines: number): Promise<void> => {
      while (said.length < lines) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    // The watch has begun when a change is seen; until then it is written again.
    const writing = setInterval(() => write("  displayName: Post\n  location: westeurope\n"), 300);
    await next(1);
    clearInterval(writing);
    write("  displayName: Mail bot\n");
    await next(2);
    await stop();
    expect(said).toEqual([
      "Pulumi.dev.yaml has changed: changes displayName; adds location. To deploy with it: Ctrl-C, then npm start.",
      "Pulumi.dev.yaml says again what was deployed.",
    ]);
  });

  test("what was changed while nothing ran is said at the start with a data folder", async () => {
    write("  location: westeurope\n");
    const said: string[] = [];
    const watched = { root, stack: "dev", kept: true, deployed: { displayName: "Mail bot" } };
    await watchSettings(watched, (line) => said.push(line))();
    expect(said).toEqual([
      "Pulumi.dev.yaml has changed: removes displayName; adds location. To deploy with it: Ctrl-C, then npm start with another data folder.",
    ]);
  });
});
