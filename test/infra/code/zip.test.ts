import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { unzipSync } from "fflate";
import { type Files, hashOf, timeOf, zip } from "../../../infra/code/zip";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const files: Files = {
  "index.js": text("console.log(1)"),
  "public/chat.js": text("chat"),
  "public/ä.txt": text("ä".repeat(1000)),
};

/** Name and time of each entry, from the central directory and from the file's own header. */
function times(bytes: Uint8Array): Record<string, [directory: string, header: string]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: Record<string, [string, string]> = {};
  const read = (at: number): string => {
    const [time, date] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const parts = [
      1980 + (date >> 9),
      ((date >> 5) & 15) - 1,
      date & 31,
      time >> 11,
      (time >> 5) & 63,
      (time & 31) * 2,
    ];
    return new Date(Date.UTC(...(parts as [number, number, number, number, number, number]))).toISOString();
  };
  let at = view.getUint32(bytes.length - 6, true);
  while (view.getUint32(at, true) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const entry = Buffer.from(bytes.subarray(at + 46, at + 46 + name)).toString();
    rows[entry] = [read(at + 12), read(view.getUint32(at + 42, true) + 10)];
    at += 46 + name + extra + comment;
  }
  return rows;
}

test("the same files give the same bytes, whatever order they were found in", () => {
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  expect(Buffer.from(zip(files)).equals(zip(reversed))).toBe(true);
  expect(hashOf(reversed)).toBe(hashOf(files));
});

test("the same files give the same bytes on a machine in another time zone", () => {
  const root = path.resolve(__dirname, "../../..");
  const script = `
    const { zip } = require("./infra/code/zip.ts");
    const text = (content) => new TextEncoder().encode(content);
    process.stdout.write(Buffer.from(zip({ "index.js": text("console.log(1)"), "public/chat.js": text("chat"), "public/ä.txt": text("ä".repeat(1000)) })));`;
  const there = execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: root,
    env: { ...process.env, TZ: "Pacific/Apia", TS_NODE_COMPILER_OPTIONS: '{"isolatedModules":false}' },
  });
  expect(there.equals(zip(files))).toBe(true);
});

test("what was packed comes out again", () => {
  const out = unzipSync(zip(files));
  expect(Object.keys(out)).toEqual(["index.js", "public/chat.js", "public/ä.txt"]);
  for (const [name, content] of Object.entries(files)) expect(Buffer.from(out[name]!).equals(content)).toBe(true);
});

test("each file carries the time of its content in both places where a zip keeps it", () => {
  const expected = Object.entries(files).map(([name, content]) => {
    const time = timeOf(name, content).toISOString();
    return [name, [time, time]];
  });
  expect(times(zip(files))).toEqual(Object.fromEntries(expected));
});

test("one changed byte gives that file another time, without which App Service would keep the old code", () => {
  const changed = { ...files, "index.js": text("console.log(2)") };
  const [before, after] = [times(zip(files)), times(zip(changed))];
  expect(after["index.js"]).not.toEqual(before["index.js"]);
  expect(after["public/chat.js"]).toEqual(before["public/chat.js"]);
  expect(hashOf(changed)).not.toBe(hashOf(files));
});

test("times are valid, even seconds between 1980 and 2037, and 20,000 versions of a file have 20,000 times", () => {
  const seen = new Set<number>();
  for (let version = 0; version < 20_000; version += 1) {
    const time = timeOf("index.js", text(String(version)));
    expect(time.getUTCFullYear()).toBeGreaterThanOrEqual(1980);
    expect(time.getUTCFullYear()).toBeLessThanOrEqual(2037);
    expect(time.getTime() % 2000).toBe(0);
    seen.add(time.getTime());
  }
  expect(seen.size).toBe(20_000);
});

test("a renamed file and a moved border between files are other code", () => {
  const trees: Files[] = [
    { "a.js": text("xy") },
    { "b.js": text("xy") },
    { "a.js": text("x"), "b.js": text("y") },
    { "a.js": text("x"), b: text(".jsy") },
  ];
  const hashes = trees.map(hashOf);
  expect(new Set(hashes).size).toBe(4);
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
});
