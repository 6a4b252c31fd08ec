import { PreviewError } from "./preview-error";
import type { PreviewProject } from "./preview-stack";
import { type Progress, progressOn } from "./progress";
import { previewProject } from "./project";

/** What every command is given: the project, where to tell how far it is, and how to end. */
export interface Context {
  readonly project: PreviewProject;
  readonly progress: Progress;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Writes the result: the value as JSON, or the text for people. */
  result(value: unknown, text: string): void;
}

/**
 * Does a command's work in the folder that this process runs in, and gives its exit code. A failure is one sentence on
 * standard error; with `json` it is the one document on standard output too.
 */
export async function inContext(json: boolean, work: (context: Context) => Promise<number>): Promise<number> {
  const progress = progressOn(json ? process.stderr : process.stdout);
  const result = (value: unknown, text: string): void => {
    progress.end();
    process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
  };
  try {
    const project = await previewProject(process.cwd(), process.env);
    return await work({ project, progress, signal: endingSignal(), result });
  } catch (error) {
    progress.end();
    const { message, code = "Unexpected" } = error as Error & { code?: string };
    process.stderr.write(`${message}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    return error instanceof PreviewError && error.code === "Locked" ? 4 : 1;
  }
}

/** Pulumi ends in good order when it is interrupted. A terminal's Ctrl-C reaches it by itself. */
function endingSignal(): AbortSignal {
  const ending = new AbortController();
  process.once("SIGTERM", () => ending.abort());
  process.once("SIGINT", () => void (process.stdin.isTTY || ending.abort()));
  return ending.signal;
}
