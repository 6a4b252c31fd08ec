import { readFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "../../ops/docs/documents";

test.each(Object.entries(documents))("%s says what its table says (npm run docs writes it)", (file, text) => {
  expect(readFileSync(join(__dirname, "../..", file), "utf8")).toBe(text());
});
