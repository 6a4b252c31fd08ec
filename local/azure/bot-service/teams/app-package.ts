import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ValidateFunction } from "ajv";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { type ZipEntry, zipEntries } from "../../app-service/zip";

/** What an app package says of its app. */
export interface TeamsApp {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly developer: string;
  readonly botId: string;
  /** `personal`, `groupChat`, `team`, `copilot` */
  readonly scopes: readonly string[];
  readonly webApplicationInfo: { readonly id: string; readonly resource: string } | undefined;
  readonly validDomains: readonly string[];
  readonly commands: readonly string[];
  /** As `data:` addresses. */
  readonly icons: { readonly color: string; readonly outline: string };
}

export type PackageRefusal =
  "too-large" | "not-a-zip" | "unsafe-path" | "bomb" | "no-manifest" | "manifest-wrong" | "icon-wrong" | "bot-unknown";

/** Why Teams does not take a package, in a plain sentence. */
export class PackageRefused extends Error {
  override readonly name = "PackageRefused";

  constructor(
    readonly code: PackageRefusal,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Bytes of a package, and of all that is in it; a real one has some kilobytes. Teams' own bounds are not documented, so these
 * are the local Azure's.
 */
export const largestPackage = 5 * 1024 * 1024;
const largestContent = 20 * 1024 * 1024;
const mostFiles = 200;

const iconSizes = { color: 192, outline: 32 } as const;

interface Manifest {
  readonly manifestVersion: string;
  readonly id: string;
  readonly version: string;
  readonly name: { readonly short: string; readonly full?: string };
  readonly description: { readonly short: string };
  readonly developer: { readonly name: string };
  readonly icons: { readonly color: string; readonly outline: string };
  readonly bots?: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly commandLists?: readonly { readonly commands: readonly { readonly title: string }[] }[];
  }[];
  readonly webApplicationInfo?: { readonly id: string; readonly resource?: string };
  readonly validDomains?: readonly string[];
}

/**
 * Reads an app package as Teams does at its upload.
 * https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package
 * Throws a {@link PackageRefused}.
 */
export function readPackage(archive: Buffer): TeamsApp {
  if (archive.length > largestPackage) {
    throw new PackageRefused(
      "too-large",
      "The package is larger than 5 MB. It holds a manifest and two icons, no code.",
    );
  }
  const files = filesOf(archive);
  const text = files.get("manifest.json");
  if (!text) throw new PackageRefused("no-manifest", noManifest([...files.keys()]));
  const manifest = parsed(contentOf(text).toString("utf8"));
  checkSchema(manifest);
  const [bot] = manifest.bots ?? [];
  if (!bot)
    throw new PackageRefused(
      "manifest-wrong",
      "The manifest has no bot: bots is empty, so there is nobody to talk to.",
    );
  const { webApplicationInfo } = manifest;
  return {
    id: manifest.id,
    version: manifest.version,
    name: manifest.name.short,
    description: manifest.description.short,
    developer: manifest.developer.name,
    botId: bot.botId,
    scopes: bot.scopes,
    webApplicationInfo: webApplicationInfo && {
      id: webApplicationInfo.id,
      resource: webApplicationInfo.resource ?? "",
    },
    validDomains: manifest.validDomains ?? [],
    commands: [...new Set(bot.commandLists?.flatMap(({ commands }) => commands.map(({ title }) => title)))],
    icons: {
      color: icon(files, "color", manifest.icons.color),
      outline: icon(files, "outline", manifest.icons.outline),
    },
  };
}

/** The archive's files by path; folders are none. What it would unpack to is looked at before anything is. */
function filesOf(archive: Buffer): Map<string, ZipEntry> {
  let entries: ZipEntry[];
  try {
    entries = zipEntries(archive);
  } catch {
    throw new PackageRefused("not-a-zip", "The file is no zip archive. Upload the zip, not a file out of it.");
  }
  const unsafe = entries.find(({ path }) => /^[/\\]|^[a-z]:|(^|\/)\.\.(\/|$)|\0/i.test(path));
  if (unsafe) {
    const message = `The package holds a file that would be written outside of its folder: ${JSON.stringify(unsafe.path)}.`;
    throw new PackageRefused("unsafe-path", message);
  }
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > largestContent || entries.length > mostFiles) {
    const what = size > largestContent ? "more than 20 MB" : `${entries.length} files`;
    throw new PackageRefused("bomb", `The package would unpack to ${what}. It holds a manifest and two icons.`);
  }
  return new Map(entries.filter(({ path }) => !path.endsWith("/")).map((entry) => [entry.path, entry]));
}

function contentOf(entry: ZipEntry): Buffer {
  try {
    return entry.content();
  } catch {
    throw new PackageRefused("not-a-zip", `The archive is damaged: ${entry.path} cannot be unpacked.`);
  }
}

/** The most common mistake has a sentence of its own: the folder was packed, and not what is in it. */
function noManifest(paths: readonly string[]): string {
  const inFolder = paths.find((path) => path.endsWith("/manifest.json"));
  const found = inFolder === undefined ? "It holds none." : `It is in a folder: ${inFolder}.`;
  return `manifest.json has to be at the top of the package. ${found}`;
}

function parsed(text: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new PackageRefused("manifest-wrong", "manifest.json is no JSON.");
  }
  if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest as Manifest;
  throw new PackageRefused("manifest-wrong", "manifest.json holds no object.");
}

/** Throws where the manifest is not as Microsoft's schema of its version has it. */
function checkSchema(manifest: Manifest): void {
  const version = String(manifest.manifestVersion ?? "");
  const validate = validators.get(version) ?? validatorOf(version);
  if (!validate) {
    const message = `The manifest's version is ${JSON.stringify(version)}, which Microsoft has published no schema for.`;
    throw new PackageRefused("manifest-wrong", message);
  }
  validators.set(version, validate);
  if (validate(manifest)) return;
  const wrong = (validate.errors ?? []).slice(0, 5).map(({ instancePath, message = "" }) => {
    return `${instancePath.slice(1).replaceAll("/", ".") || "the manifest"} ${message}`;
  });
  throw new PackageRefused(
    "manifest-wrong",
    `The manifest does not keep Microsoft's schema ${version}: ${wrong.join("; ")}.`,
  );
}

const validators = new Map<string, ValidateFunction>();

/** Microsoft's published schemas, one a version, from the pinned package, of which nothing else is loaded. */
function validatorOf(version: string): ValidateFunction | undefined {
  if (!/^1\.\d{1,3}$/.test(version)) return undefined;
  const folder = join(dirname(require.resolve("@microsoft/app-manifest/package.json")), "build/json-schemas/teams");
  let text: string;
  try {
    text = readFileSync(join(folder, `v${version}`, "MicrosoftTeams.schema.json"), "utf8");
  } catch {
    return undefined;
  }
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv, ["uri", "email", "regex"]);
  return ajv.compile(JSON.parse(text) as object);
}

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A PNG begins with its signature and the header chunk: https://www.w3.org/TR/png-3/#11IHDR */
function icon(files: ReadonlyMap<string, ZipEntry>, which: keyof typeof iconSizes, path: string): string {
  const size = iconSizes[which];
  const refuse = (what: string): never => {
    const message = `The ${which} icon ${what}. It has to be a PNG of ${size} by ${size} pixels.`;
    throw new PackageRefused("icon-wrong", message);
  };
  const entry = files.get(path) ?? refuse(`is missing: the manifest names ${path}, which is not in the package`);
  const content = contentOf(entry);
  if (content.length < 24 || !content.subarray(0, 8).equals(signature)) return refuse(`${path} is no PNG`);
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (width !== size || height !== size) return refuse(`${path} is ${width} by ${height} pixels`);
  return `data:image/png;base64,${content.toString("base64")}`;
}
