import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(__dirname, "../../../local/azure");
/** Where random values come from; randomUUID stays, for ids. */
const sources =
  /\b(randomBytes|randomInt|randomFill(Sync)?|getRandomValues|generateKey(Pair)?(Sync)?|generateSecret|createSecretKey|Math\.random)\b/;

test("a secret is made in one place only, which the trace knows: a service that makes its own would show it", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.ts$/.test(file));
  const makers = files.filter((file) => sources.test(readFileSync(join(folder, file), "utf8")));
  expect(files.length).toBeGreaterThan(100);
  expect(makers).toEqual(["secrets.ts"]);
});

test("no id is made up where a secret is meant: a UUID is never kept under a secret's name", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.ts$/.test(file));
  const named = files.flatMap((file) =>
    [
      ...readFileSync(join(folder, file), "utf8").matchAll(
        /(\w*(?:secret|key|token|password|header|cookie)\w*)["']?\s*[:=]\s*randomUUID\(/gi,
      ),
    ]
      .filter(([, name]) => !/id$/i.test(name!))
      .map(([, name]) => `${file}: ${name}`),
  );
  expect(named).toEqual([]);
});
