import { runCommand } from "../../cli/run";
import type { Asked } from "../../cli/arguments";
import type { Command, Options } from "../../cli/command";
import type { Ending } from "../../cli/exit-codes";
import type { Paint } from "../../cli/paint";
import type { PreviewProject } from "./project";
import { type Progress, progressOn } from "../pulumi/progress";
import { previewProject } from "./project";

/** What every command is given: the project, where to tell how far it is, and how to end. */
export interface Context {
  readonly project: PreviewProject;
  readonly progress: Progress;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** What it is doing just now, for who waits at a terminal. */
  step(text: string): void;
  /** Colours of what goes to standard output. */
  readonly paint: Paint;
  /** Whether standard output takes one JSON document only. */
  readonly json: boolean;
  /** Writes the result: the value as JSON, or the text for people. */
  result(value: unknown, text: string): void;
}

/** A command of `npm run preview`, with its work in the folder that this process runs in; gives its exit code. */
export type PreviewCommand = (args: readonly string[]) => Promise<number>;

/** A command that is given the project, and tells how far it is. */
export function previewCommand<Own extends Options>(
  command: Command<Own>,
  work: (asked: Asked<Own>, context: Context) => Promise<Ending>,
): PreviewCommand {
  return (args) =>
    runCommand(command, args, async (asked, { json, result, step, paint }) => {
      const progress = progressOn(json ? process.stderr : process.stdout);
      const project = await previewProject(process.cwd(), process.env);
      const said = (value: unknown, text: string): void => {
        progress.end();
        result(value, text);
      };
      try {
        return await work(asked, { project, progress, signal: endingSignal(), step, paint, json, result: said });
      } catch (error) {
        progress.end();
        throw error;
      }
    });
}

/** Pulumi ends in good order when it is interrupted. A terminal's Ctrl-C reaches it by itself. */
function endingSignal(): AbortSignal {
  const ending = new AbortController();
  process.once("SIGTERM", () => ending.abort());
  process.once("SIGINT", () => void (process.stdin.isTTY || ending.abort()));
  return ending.signal;
}
