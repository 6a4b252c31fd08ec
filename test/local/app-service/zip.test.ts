import { strToU8, zipSync } from "fflate";
import { zipEntries } from "../../../local/azure/app-service/zip";

/** Date and time as they stand in the archive: fflate writes the local ones. */
const time = new Date(2026, 10, 22, 13, 14, 16);
const asUtc = new Date(Date.UTC(2026, 10, 22, 13, 14, 16));

const read = (archive: Uint8Array): [string, Date, string][] =>
  zipEntries(Buffer.from(archive)).map((entry) => [entry.path, entry.modified, entry.content().toString()]);

test("packed, stored and empty files come out with their content and their MS-DOS time", () => {
  const archive = zipSync(
    {
      "index.js": [strToU8("a".repeat(5000)), { level: 9 }],
      "public/chat.js": [strToU8("stored"), { level: 0 }],
      empty: new Uint8Array(),
    },
    { mtime: time },
  );
  expect(read(archive)).toEqual([
    ["index.js", asUtc, "a".repeat(5000)],
    ["public/chat.js", asUtc, "stored"],
    ["empty", asUtc, ""],
  ]);
});

test("a comment behind the archive does not hide its directory", () => {
  const archive = Buffer.from(zipSync({ a: strToU8("1") }, { mtime: time }));
  const comment = Buffer.from("made by a tool");
  archive.writeUInt16LE(comment.length, archive.length - 2);
  expect(read(Buffer.concat([archive, comment]))).toEqual([["a", asUtc, "1"]]);
});

test("a damaged archive is refused, never half deployed in silence", () => {
  const archive = Buffer.from(zipSync({ a: [strToU8("abc".repeat(99)), { level: 9 }] }, { mtime: time }));
  expect(() => zipEntries(archive.subarray(0, archive.length - 30))).toThrow("End of Central Directory record");
  const larger = Buffer.from(archive);
  const directory = archive.readUInt32LE(archive.length - 6);
  larger.writeUInt32LE(1000, directory + 24);
  expect(() => zipEntries(larger)[0]!.content()).toThrow("corrupt");
  const elsewhere = Buffer.from(archive);
  elsewhere.writeUInt32LE(3, archive.length - 6);
  expect(() => zipEntries(elsewhere)).toThrow("Central Directory corrupt.");
});
