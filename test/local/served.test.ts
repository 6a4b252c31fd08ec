import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startLocalAzure } from "../../local/azure/azure";
import { servedAsMarkdown, servedFile } from "../../local/served";

test("the list of what is served says what is served (npm run docs writes it)", async () => {
  const azure = await startLocalAzure({ port: 0 });
  try {
    expect(readFileSync(join(__dirname, "../..", servedFile), "utf8")).toBe(servedAsMarkdown(azure));
  } finally {
    await azure.close();
  }
});
