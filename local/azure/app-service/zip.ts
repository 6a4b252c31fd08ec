import { inflateRawSync } from "node:zlib";

/** One file of a zip archive. */
export interface ZipEntry {
  /** Path inside the archive, with `/`. Ends in `/` for a folder. */
  readonly path: string;
  /** Time of the last change as the archive's MS-DOS field says it: two-second steps, no zone; read as UTC. */
  readonly modified: Date;
  /** Bytes of the content as the archive says it; to more than that nothing is inflated. */
  readonly size: number;
  /** Inflates the content. Throws an `Error` where the archive is damaged. */
  content(): Buffer;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * Reads a zip's directory. Libraries that unpack in memory drop the time fields, and the times decide here what is
 * deployed, so the directory is read directly (APPNOTE.TXT sections 4.3.12 and 4.3.16).
 * Throws an `Error` where the bytes are no zip archive, or one of more than 4 GiB.
 */
export function zipEntries(archive: Buffer): ZipEntry[] {
  const end = endOfDirectoryAt(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== directoryEntry) {
      throw new Error("Central Directory corrupt.");
    }
    const method = archive.readUInt16LE(at + 10);
    const packed = archive.readUInt32LE(at + 20);
    const size = archive.readUInt32LE(at + 24);
    const nameLength = archive.readUInt16LE(at + 28);
    const header = archive.readUInt32LE(at + 42);
    const entry: ZipEntry = {
      path: archive.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/"),
      size,
      modified: fromDosTime(archive.readUInt16LE(at + 14), archive.readUInt16LE(at + 12)),
      content: () => unpack(archive, header, packed, size, method),
    };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    return entry;
  });
}

/** The record at the archive's end may be followed by a comment of up to 65,535 bytes. */
function endOfDirectoryAt(archive: Buffer): number {
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - 22 - 0xffff); at--) {
    if (archive.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new Error("End of Central Directory record could not be found.");
}

function fromDosTime(date: number, time: number): Date {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  return new Date(Date.UTC(year, month - 1, day, time >> 11, (time >> 5) & 63, (time & 31) * 2));
}

function unpack(archive: Buffer, header: number, packed: number, size: number, method: number): Buffer {
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const bytes = archive.subarray(start, start + packed);
  if (method === 0) return bytes;
  if (method !== 8) throw new Error("The archive entry was compressed using an unsupported compression method.");
  if (size === 0) return Buffer.alloc(0);
  const content = inflateRawSync(bytes, { maxOutputLength: size });
  if (content.length !== size) throw new Error("A local file header is corrupt.");
  return content;
}
