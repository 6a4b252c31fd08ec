import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { documents } from "./documents";

/** `npm run docs`: writes what is made of tables. */
for (const [file, text] of Object.entries(documents)) writeFileSync(resolve(__dirname, "../..", file), text());
