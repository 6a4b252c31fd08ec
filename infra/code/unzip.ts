import { inflateRawSync } from "node:zlib";
import { CodeError } from "./code-error";
import type { Files } from "./zip";

/** An entry of a zip's directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
  /** Unix mode; 0 where another system made the zip. */
  readonly mode: number;
}

/** Unpacked, at most: more than any bot, less than the memory of a small machine. */
const largest = 1024 ** 3;
const symbolicLink = 0o120000;
const fileType = 0o170000;

/**
 * Unpacks a zip in memory. Nothing is written, so an entry that names a place outside can do no harm here; it is refused
 * all the same, because it would there.
 * @param subject the zip as the person gave it, for the errors
 * @throws CodeError ZipRefused naming the entry
 */
export function unzip(bytes: Buffer, subject: string): Files {
  const refuse = (cause: string, fix: string): CodeError => new CodeError("zip-refused", subject, cause, fix);
  const entries = directoryOf(bytes, refuse);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > largest)
    throw refuse(
      `it unpacks to ${Math.round(total / 1024 ** 2)} MB`,
      "Leave out what the bot does not need: 1024 MB are taken.",
    );
  const files: Record<string, Uint8Array> = Object.create(null) as Record<string, Uint8Array>;
  for (const entry of entries) {
    const { name } = entry;
    if (name.endsWith("/")) continue;
    if (!isInside(name))
      throw refuse(
        `the entry ${JSON.stringify(name)} lies outside of it`,
        "Make the zip anew, from inside the bot's folder.",
      );
    if ((entry.mode & fileType) === symbolicLink) {
      // A copy in its place would find nothing that lies beside the original, and nobody starts a bot by it.
      if (/(^|\/)node_modules\/\.bin\//.test(name)) continue;
      throw refuse(`the entry ${name} is a link`, "Make the zip anew with the files themselves (zip -r without -y).");
    }
    if (name in files) throw refuse(`the entry ${name} is in it twice`, "Make the zip anew.");
    files[name] = contentOf(bytes, entry, refuse);
  }
  return files;
}

/** Whether a path stays below the folder that it is unpacked into, on every system. */
function isInside(name: string): boolean {
  return (
    !/^[/\\]|^[A-Za-z]:|[\0\\]/.test(name) &&
    !name.split("/").some((part) => part === ".." || part === "." || part === "")
  );
}

type Refuse = (cause: string, fix: string) => CodeError;

function directoryOf(bytes: Buffer, refuse: Refuse): Entry[] {
  const damaged = refuse("it is no whole zip", "Make it anew; a .tar.gz is none.");
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  if (end < 0) throw damaged;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff)
    throw refuse("it has more than 65,534 entries or 4 GB", "Bundle the bot, or leave out what it does not need.");
  return Array.from({ length: count }, () => {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw damaged;
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const madeByUnix = bytes.readUInt8(at + 5) === 3;
    const entry: Entry = {
      // Windows' own tools have written backslashes between folders.
      name: bytes.toString("utf8", at + 46, at + 46 + name).replaceAll("\\", "/"),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      header: bytes.readUInt32LE(at + 42),
      mode: madeByUnix ? bytes.readUInt16LE(at + 40) : 0,
    };
    at += 46 + name + extra + comment;
    return entry;
  });
}

function contentOf(bytes: Buffer, { name, flags, method, packed, size, header }: Entry, refuse: Refuse): Uint8Array {
  if (flags & 1) throw refuse(`the entry ${name} is encrypted`, "Make the zip without a password.");
  if (method !== 0 && method !== 8)
    throw refuse(`the entry ${name} is packed by another method (${method})`, "Make the zip with deflate.");
  if (header + 30 > bytes.length) throw refuse(`the entry ${name} is damaged`, "Make the zip anew.");
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const content = bytes.subarray(start, start + packed);
  try {
    const whole =
      method === 0 ? content : size === 0 ? new Uint8Array() : inflateRawSync(content, { maxOutputLength: size });
    if (whole.length === size) return whole;
  } catch {
    // Said below.
  }
  throw refuse(`the entry ${name} is damaged`, "Make the zip anew.");
}
