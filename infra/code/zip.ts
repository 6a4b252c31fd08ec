import { createHash } from "node:crypto";
import { zipSync } from "fflate";

/** Files by their path in the zip, with `/` between folders. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** A DOS date begins in 1980; after 2037 a file's time no longer fits the 32-bit seconds that some tools still use. */
const firstYear = 1980;
const slots = Math.floor((Date.UTC(2038, 0, 1) - Date.UTC(firstYear, 0, 1)) / 2_000);

/**
 * The time that a file carries in the zip: a moment between 1980 and 2037 that follows from the file's content alone.
 *
 * App Service's deployment service copies a file only where its time differs from the deployed one's. Constant times,
 * the usual way to make a zip reproducible, would leave old code running; the files' real times would change the zip
 * with every checkout. A zip knows times in steps of 2 s, so the whole range of about 915 million of them is used: two
 * contents of one file get the same time as rarely as can be.
 */
export function timeOf(path: string, content: Uint8Array): Date {
  const digest = createHash("sha256").update(path).update("\0").update(content).digest();
  const slot = Number(digest.readBigUInt64BE() % BigInt(slots));
  return new Date(Date.UTC(firstYear, 0, 1) + slot * 2_000);
}

/** Hex SHA-256 over all paths and contents, in the order of the paths. */
export function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const [path, content] of sorted(files)) {
    // The lengths keep two different trees from running together into one stream of bytes.
    hash.update(`${Buffer.byteLength(path)}:${path}:${content.length}:`).update(content);
  }
  return hash.digest("hex");
}

/** Makes a zip: the same files give the same bytes on every machine. */
export function zip(files: Files): Uint8Array {
  const entries = sorted(files);
  const bytes = zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(firstYear, 0, 1) });
  setTimes(
    bytes,
    entries.map(([path, content]) => timeOf(path, content)),
  );
  return bytes;
}

function sorted(files: Files): [string, Uint8Array][] {
  return Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * Writes the entries' times, in the order of the central directory, where a zip keeps them: in that directory and in each
 * file's own header. fflate would write them in this machine's time zone, and so differently elsewhere.
 * Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16
 */
function setTimes(bytes: Uint8Array, times: readonly Date[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  let entry = view.getUint32(end + 16, true);
  for (const time of times) {
    const dos = dosTime(time);
    view.setUint32(entry + 12, dos, true);
    view.setUint32(view.getUint32(entry + 42, true) + 10, dos, true);
    const variable = [28, 30, 32].map((at) => view.getUint16(entry + at, true));
    entry += 46 + variable.reduce((sum, length) => sum + length, 0);
  }
}

function dosTime(time: Date): number {
  const date = ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return date * 0x10000 + clock;
}
