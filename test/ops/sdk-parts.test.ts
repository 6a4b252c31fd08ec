import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  acceptParts,
  changedParts,
  changedPartText,
  checkout,
  digest,
  readParts,
  type SdkPart,
} from "../../ops/sdk-parts/parts";

test("the parts of the SDK that the bot does without are what somebody read: after an update, npm run bypassed-parts", async () => {
  const changed = await changedParts(await readParts(checkout), checkout);
  expect(changed.map(changedPartText)).toEqual([]);
});

test("what the bot has instead of a part is there", async () => {
  const instead = (await readParts(checkout)).flatMap((part) => part.instead.split(", "));
  expect(instead.filter((file) => !existsSync(join(checkout, file)))).toEqual([]);
});

describe("another version of the SDK", () => {
  const part: SdkPart = {
    package: "@microsoft/agents-hosting",
    version: "1.8.1",
    file: "dist/src/turnContext.js",
    sha256: digest("as it was"),
    upstream: "packages/agents-hosting/src/turnContext.ts",
    why: "It leaves something out.",
    instead: "bot/group-answers.ts",
  };
  let root: string;

  async function install(content: string | undefined, version = "1.9.0"): Promise<void> {
    const folder = join(root, "node_modules", part.package);
    await mkdir(dirname(join(folder, part.file)), { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify({ version }));
    if (content !== undefined) await writeFile(join(folder, part.file), content);
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "sdk-parts-"));
    await mkdir(join(root, "bot"));
  });
  afterEach(() => rm(root, { recursive: true }));

  test("that did not touch a part is no change of it", async () => {
    await install("as it was");
    expect(await changedParts([part], root)).toEqual([]);
  });

  test("that changed a part, or took it away, is told with the versions, the reason and where to look", async () => {
    await install("otherwise");
    const [changed] = await changedParts([part], root);
    expect(changedPartText(changed!)).toBe(
      "@microsoft/agents-hosting 1.9.0: dist/src/turnContext.js is not what was read in 1.8.1.\n" +
        "  It leaves something out.\n" +
        "  Here: bot/group-answers.ts. Upstream: https://github.com/microsoft/Agents-for-js/commits/main/packages/agents-hosting/src/turnContext.ts",
    );
    await acceptParts([part], root);
    const table = JSON.parse(await readFile(join(root, "bot/bypassed-sdk-parts.json"), "utf8")) as SdkPart[];
    expect(table).toEqual([{ ...part, version: "1.9.0", sha256: digest("otherwise") }]);
    expect(await changedParts(table, root)).toEqual([]);
    await rm(join(root, "node_modules", part.package, part.file));
    expect((await changedParts(table, root)).map(changedPartText)).toEqual([
      expect.stringContaining("is no longer there"),
    ]);
  });
});
