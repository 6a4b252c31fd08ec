import { bypassedSdkPartsAsMarkdown } from "./bypassed-sdk-parts";
import { doctorAsMarkdown } from "./doctor";
import { knownErrorsAsMarkdown } from "./known-errors";
import { knownMistakesAsMarkdown } from "./known-mistakes";
import { signInRoadsAsMarkdown } from "./sign-in-roads";

/** The documents that are made of tables, by their files; what the local Azure serves is its own (local/served.ts). */
export const documents = {
  "docs/doctor.md": doctorAsMarkdown,
  "docs/known-errors.md": knownErrorsAsMarkdown,
  "docs/known-mistakes.md": knownMistakesAsMarkdown,
  "docs/sign-in-roads.md": signInRoadsAsMarkdown,
  "docs/bypassed-sdk-parts.md": bypassedSdkPartsAsMarkdown,
} as const satisfies Readonly<Record<string, () => string>>;
