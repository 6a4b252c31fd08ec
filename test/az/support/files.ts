import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync, strToU8 } from "fflate";

/** Puts down the files that lines name: an app to push, and a template with a comment in it. */
export function writeFiles(folder: string): void {
  const app = `require("http").createServer((q, s) => s.end("hello")).listen(process.env.PORT);\n`;
  writeFileSync(join(folder, "app.zip"), zipSync({ "index.js": strToU8(app) }));
  writeFileSync(
    join(folder, "t.json"),
    `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "name": { "type": "string" } }, // a comment, as az lets a template have
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "[parameters('name')]",
      "location": "[resourceGroup().location]"
    }
  ],
  "outputs": { "n": { "type": "string", "value": "[parameters('name')]" } }
}
`,
  );
}
