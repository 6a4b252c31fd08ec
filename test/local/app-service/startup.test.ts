import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand, startupScript } from "../../../local/azure/app-service/startup";

test("the site's own start command wins over what the platform would guess", () => {
  const content = mkdtempSync(join(tmpdir(), "content-"));
  try {
    expect(startCommand("", content)).toBeUndefined();
    writeFileSync(join(content, "index.js"), "");
    expect(startCommand(undefined, content)).toBe("node index.js");
    writeFileSync(join(content, "package.json"), '{"scripts":{"start":"node x.js"}}');
    expect(startCommand(undefined, content)).toBe("npm start");
    expect(startCommand(" exec node index.js ", content)).toBe("exec node index.js");
  } finally {
    rmSync(content, { recursive: true });
  }
});

test("the start script runs the command as it stands, and without exec where Windows knows none", () => {
  expect(startupScript("exec node index.js", "linux")).toEqual({
    name: "startup.sh",
    text: "#!/bin/sh\n\nexec node index.js\n",
  });
  expect(startupScript("exec node index.js", "win32")).toEqual({
    name: "startup.cmd",
    text: "@echo off\r\nnode index.js\r\n",
  });
});
