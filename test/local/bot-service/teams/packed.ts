import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync, type Zippable } from "fflate";
import { root } from "../../../support/deployed";

const icons = join(root, "ops/teams/icons");
export const color = readFileSync(join(icons, "color.png"));
export const outline = readFileSync(join(icons, "outline.png"));

export type Manifest = Record<string, unknown> & {
  icons: { color: string; outline: string };
  bots: Record<string, unknown>[];
};

const manifest = (): Manifest => ({
  $schema: "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
  manifestVersion: "1.29",
  version: "1.0.0",
  id: "8d1bd5c7-8a9a-8a2c-8f2b-0d3c6f0b5c11",
  developer: {
    name: "Contoso",
    websiteUrl: "https://contoso.example",
    privacyUrl: "https://contoso.example",
    termsOfUseUrl: "https://contoso.example",
  },
  name: { short: "Mail bot", full: "Mail bot" },
  description: { short: "Reads mail", full: "Reads your mail" },
  icons: { color: "color.png", outline: "outline.png" },
  accentColor: "#0B6A4D",
  bots: [
    {
      botId: "49516559-d2db-4f8b-befd-c0fba46ac58b",
      scopes: ["personal"],
      commandLists: [{ scopes: ["personal"], commands: [{ title: "mail", description: "reads" }] }],
    },
  ],
  validDomains: ["token.botframework.com"],
  webApplicationInfo: { id: "3d8d0a2b-9f0e-4a57-9c0a-0f2f6d1b7a01", resource: "api://botid-49516559" },
});

/** An app package with what a test changes. */
export function packed(change: (made: Manifest) => void = () => undefined, files: Zippable = {}, folder = ""): Buffer {
  const made = manifest();
  change(made);
  const all: Zippable = { "manifest.json": strToU8(JSON.stringify(made)), "color.png": color, "outline.png": outline };
  const named = Object.entries({ ...all, ...files }).filter(([, content]) => (content as Uint8Array).length > 0);
  return Buffer.from(zipSync(Object.fromEntries(named.map(([name, content]) => [folder + name, content]))));
}
