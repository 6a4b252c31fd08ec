import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { watch } from "chokidar";
import { stackSettings } from "./embedded/project";

/** A stack's settings by name, without the project's namespace. */
export type Settings = Readonly<Record<string, unknown>>;

/** How long the file must be quiet before it is read: an editor may write it in parts. */
const quiet = 250;

/** What is watched: a stack's settings beside those that what runs was deployed with. */
interface Watched {
  readonly root: string;
  readonly stack: string;
  /** Whether a data folder keeps the deployment, which the next start then goes on with. */
  readonly kept: boolean;
  readonly deployed: Settings;
}

/**
 * Says now, and whenever the file is saved, what of a stack's settings has changed since the deployment and how it takes
 * effect: what runs was deployed with the old ones, and looks as if the new ones did nothing.
 * @returns ends the watch
 */
export function watchSettings(watched: Watched, say: (line: string) => void): () => Promise<void> {
  const same = sameSettings(watched);
  let timer: NodeJS.Timeout | undefined;
  let last = same;
  const look = (): void => {
    const line = settingsLine(watched) ?? same;
    if (line !== last) say(line);
    last = line;
  };
  look();
  const watcher = watch(join(watched.root, fileOf(watched)), { ignoreInitial: true });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(look, quiet);
  });
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}

const fileOf = ({ stack }: Watched): string => `Pulumi.${stack}.yaml`;
const sameSettings = (watched: Watched): string => `${fileOf(watched)} says again what was deployed.`;

/** The line about settings that are not the deployed ones, or cannot be read; undefined where nothing has changed. */
function settingsLine(watched: Watched): string | undefined {
  const { root, stack, kept, deployed } = watched;
  try {
    const changes = settingsChanged(deployed, stackSettings(root, stack));
    if (changes.length === 0) return undefined;
    const again = kept ? "npm start with another data folder" : "npm start";
    return `${fileOf(watched)} has changed: ${changes.join("; ")}. To deploy with it: Ctrl-C, then ${again}.`;
  } catch (error) {
    return `${fileOf(watched)} cannot be read: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** What differs between two readings of a stack's settings, by name: a value may be a secret, and is never told. */
export function settingsChanged(before: Settings, after: Settings): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (isDeepStrictEqual(old, now)) return [];
    if (name === "connections" && Array.isArray(old) && Array.isArray(now)) return connectionsChanged(old, now);
    return [old === undefined ? `adds ${name}` : now === undefined ? `removes ${name}` : `changes ${name}`];
  });
}

function connectionsChanged(before: readonly unknown[], after: readonly unknown[]): string[] {
  const named = (list: readonly unknown[]): Map<string, Settings> =>
    new Map(list.map((one) => [String((one as Settings | null)?.["name"]), (one ?? {}) as Settings]));
  const [old, now] = [named(before), named(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (!was) return [`adds the connection ${name}`];
    if (!is) return [`removes the connection ${name}`];
    const fields = settingsChanged(was, is).map((change) => change.replace(/^\w+ /, ""));
    return fields.length > 0 ? [`changes ${fields.join(", ")} of ${name}`] : [];
  });
}
