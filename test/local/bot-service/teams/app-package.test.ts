import { deflateRawSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { PackageRefused, readPackage } from "../../../../local/azure/bot-service/teams/app-package";
import { color, outline, packed } from "./packed";

const nothing = new Uint8Array();

test("a package is read with all that Teams shows of it", () => {
  expect(readPackage(packed())).toEqual({
    id: "8d1bd5c7-8a9a-8a2c-8f2b-0d3c6f0b5c11",
    version: "1.0.0",
    name: "Mail bot",
    description: "Reads mail",
    developer: "Contoso",
    botId: "49516559-d2db-4f8b-befd-c0fba46ac58b",
    scopes: ["personal"],
    webApplicationInfo: { id: "3d8d0a2b-9f0e-4a57-9c0a-0f2f6d1b7a01", resource: "api://botid-49516559" },
    validDomains: ["token.botframework.com"],
    commands: ["mail"],
    icons: {
      color: `data:image/png;base64,${color.toString("base64")}`,
      outline: `data:image/png;base64,${outline.toString("base64")}`,
    },
  });
});

/** A zip whose one entry says of itself that it unpacks to that many bytes. */
function bomb(size: number): Buffer {
  const packedUp = deflateRawSync(Buffer.alloc(1024));
  const archive = Buffer.from(zipSync({ "manifest.json": [packedUp, { level: 0 }] }));
  const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  archive.writeUInt16LE(8, directory + 10);
  archive.writeUInt32LE(size, directory + 24);
  return archive;
}

test.each<[code: string, text: RegExp, archive: () => Buffer]>([
  ["too-large", /larger than 5 MB/, () => Buffer.alloc(5 * 1024 * 1024 + 1)],
  ["not-a-zip", /no zip archive/, () => Buffer.from('{"manifestVersion":"1.29"}')],
  ["not-a-zip", /no zip archive/, () => Buffer.alloc(0)],
  ["unsafe-path", /"\.\.\/evil\.json"/, () => packed(undefined, { "../evil.json": strToU8("{}") })],
  ["unsafe-path", /"\/etc\/evil"/, () => packed(undefined, { "/etc/evil": strToU8("{}") })],
  ["unsafe-path", /"C:\/evil"/, () => packed(undefined, { "C:\\evil": strToU8("{}") })],
  ["bomb", /unpack to more than 20 MB/, () => bomb(0xfffffff0)],
  ["bomb", /unpack to more than 20 MB/, () => packed(undefined, { "zeros.bin": new Uint8Array(21 * 1024 * 1024) })],
  [
    "bomb",
    /unpack to 303 files/,
    () => packed(undefined, Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}.txt`, strToU8("x")]))),
  ],
  ["not-a-zip", /manifest\.json cannot be unpacked/, () => bomb(10)],
  ["no-manifest", /It holds none\./, () => packed(undefined, { "manifest.json": nothing })],
  ["no-manifest", /It is in a folder: teams\/manifest\.json/, () => packed(undefined, {}, "teams/")],
  ["manifest-wrong", /is no JSON/, () => packed(undefined, { "manifest.json": strToU8("{") })],
  ["manifest-wrong", /holds no object/, () => packed(undefined, { "manifest.json": strToU8("null") })],
  ["manifest-wrong", /version is "1\.99"/, () => packed((made) => (made.manifestVersion = "1.99"))],
  ["manifest-wrong", /version is "\.\."/, () => packed((made) => (made.manifestVersion = ".."))],
  ["manifest-wrong", /schema 1\.29: id must match/, () => packed((made) => (made.id = "mail-bot"))],
  ["manifest-wrong", /bots\.0\.botId must match/, () => packed(({ bots }) => (bots[0]!.botId = "mail-bot"))],
  ["manifest-wrong", /must have required property 'developer'/, () => packed((made) => delete made.developer)],
  ["manifest-wrong", /nobody to talk to|fewer than 1/, () => packed((made) => (made.bots = []))],
  [
    "icon-wrong",
    /color icon is missing: the manifest names color\.png/,
    () => packed(undefined, { "color.png": nothing }),
  ],
  ["icon-wrong", /outline icon outline\.png is 192 by 192/, () => packed(undefined, { "outline.png": color })],
  ["icon-wrong", /outline icon outline\.png is no PNG/, () => packed(undefined, { "outline.png": strToU8("<svg/>") })],
])("a package is refused: %s, %s", (code, text, archive) => {
  const given = archive();
  let refused: unknown;
  try {
    readPackage(given);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(PackageRefused);
  expect(refused).toMatchObject({ code, message: expect.stringMatching(text) as string });
});
