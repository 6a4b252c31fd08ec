import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstUp } from "../../local/first-up";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "first-up-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Has a shell carry lines out. Gives what npx was told each time: its arguments, and what was piped in. */
function carriedOut(lines: string): string[] {
  const npx = join(folder, "npx");
  const told = join(folder, "told");
  writeFileSync(
    npx,
    `#!/bin/sh\necho "$*" >> ${told}\ncase "$*" in *config*) sed 's/^/piped: /' >> ${told}; echo >> ${told};; esac\n`,
  );
  chmodSync(npx, 0o700);
  execFileSync("/bin/sh", ["-e", "-c", lines], { env: { PATH: `${folder}:/usr/bin:/bin` }, stdio: "ignore" });
  return readFileSync(told, "utf8").trim().split("\n").filter(Boolean);
}

test("each secret goes to Pulumi by a pipe, never among the arguments that a list of processes shows", () => {
  const secrets = [
    { path: "connections[1].clientSecret", value: "first'secret" },
    { path: "connections[2].clientSecret", value: "second" },
  ];
  expect(carriedOut(firstUp("three-services", secrets))).toEqual([
    "pulumi stack select --create three-services",
    "pulumi config set --secret --path connections[1].clientSecret",
    "piped: first'secret",
    "pulumi config set --secret --path connections[2].clientSecret",
    "piped: second",
    "pulumi up",
  ]);
});

test("a stack without such secrets needs two commands, which a shell that reads the lines does not carry out", () => {
  const line = firstUp("dev", []);
  expect(line).toBe("# Then: npx pulumi stack select --create dev && npx pulumi up\n");
  expect(carriedOut(line.replace("# Then: ", ""))).toEqual(["pulumi stack select --create dev", "pulumi up"]);
});
