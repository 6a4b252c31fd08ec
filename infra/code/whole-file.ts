import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";

/** How the draft of a file is named until it is whole: what a killed process leaves behind is known by it. */
export const draftOf = (file: string): string => `${file}.${randomUUID()}.new`;

/**
 * Writes a file whole or not at all: whoever reads it meanwhile finds the old one or the new one, and a process that dies
 * leaves the old one. The draft's name cannot be guessed and nothing is written through a link: one that stands where
 * the file belongs is replaced, not followed.
 * @param mode of the new file, less the process's umask
 */
export async function writeWhole(file: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  const draft = draftOf(file);
  try {
    await writeFile(draft, content, { flag: "wx", mode });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
