import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { strFromU8, unzipSync } from "fflate";
import { zip } from "../../infra/code/zip";
import type { TeamsManifest } from "./manifest";
import { OpsError } from "../cli/ops-error";

/** The package's icons with their sizes in pixels. https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons */
const icons = { "color.png": 192, "outline.png": 32 } as const;

/** The schema that Microsoft publishes, from the pinned package, of which nothing else is loaded. */
const schemaFile = "build/json-schemas/teams/v1.29/MicrosoftTeams.schema.json";

/**
 * Makes the app package as people upload it: the manifest and its two icons.
 * @param iconFolder where color.png and outline.png are
 * Throws an OpsError where the manifest does not keep Microsoft's schema, or an icon is none.
 */
export async function packageOf(manifest: TeamsManifest, iconFolder: string): Promise<Uint8Array> {
  await checkSchema(manifest);
  const files = await Promise.all(
    Object.entries(icons).map(async ([name, size]) => [name, await readIcon(join(iconFolder, name), size)] as const),
  );
  return zip({
    "manifest.json": Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    ...Object.fromEntries(files),
  });
}

/**
 * The manifest of a package that was made before. Throws an OpsError where there is none.
 * @param content undefined where there is no such file
 * @param file how a message calls it
 */
export function manifestIn(content: Uint8Array | undefined, file: string): TeamsManifest {
  const fix = "Give the zip that npm run teams:package -- <stack> writes.";
  if (!content) throw new OpsError("manifest-wrong", `There is no ${file}`, fix);
  try {
    return JSON.parse(strFromU8(unzipSync(content)["manifest.json"]!)) as TeamsManifest;
  } catch {
    throw new OpsError("manifest-wrong", `${file} is no app package: it holds no manifest.json that can be read`, fix);
  }
}

/** Throws an OpsError that names every field that Microsoft's schema does not take. */
export async function checkSchema(manifest: TeamsManifest): Promise<void> {
  const folder = dirname(require.resolve("@microsoft/app-manifest/package.json"));
  const schema = JSON.parse(await readFile(join(folder, schemaFile), "utf8")) as object;
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv, ["uri", "email", "regex"]);
  if (ajv.validate(schema, manifest)) return;
  const wrong = (ajv.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath || "/"} ${message}`);
  throw new OpsError(
    "manifest-wrong",
    `The manifest does not keep Microsoft's schema: ${wrong.join("; ")}`,
    "Correct displayName, or the setting teams of the stack's file.",
  );
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

async function readIcon(file: string, size: number): Promise<Uint8Array> {
  const fix = `Give a PNG of ${size} by ${size} pixels.`;
  const content = await readFile(file).catch(() => undefined);
  if (!content) throw new OpsError("icon-wrong", `There is no ${file}`, fix);
  // A PNG begins with its signature and the header chunk: https://www.w3.org/TR/png-3/#11IHDR
  if (content.length < 24 || !content.subarray(0, 8).equals(signature)) {
    throw new OpsError("icon-wrong", `${file} is no PNG`, fix);
  }
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (width !== size || height !== size) {
    throw new OpsError("icon-wrong", `${file} is ${width} by ${height} pixels`, fix);
  }
  return content;
}
