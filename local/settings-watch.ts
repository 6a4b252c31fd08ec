import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { watch } from "chokidar";
import { stackSettings } from "./embedded/project";

type Settings = Readonly<Record<string, unknown>>;

/** How long the file must be quiet before it is read: an editor may write it in parts. */
const quiet = 250;

/**
 * Watches a stack's settings, and says what of them has changed since the deployment and how they take effect: what runs was
 * deployed with the old ones, and looks as if the new ones did nothing.
 * @param kept whether a data folder keeps the deployment, which the next start then goes on with
 * @returns ends the watch
 */
export function watchSettings(
  { root, stack, kept }: { readonly root: string; readonly stack: string; readonly kept: boolean },
  say: (line: string) => void,
): () => Promise<void> {
  const file = `Pulumi.${stack}.yaml`;
  const deployed = stackSettings(root, stack);
  const again = kept ? "npm start with another data folder" : "npm start";
  let timer: NodeJS.Timeout | undefined;
  let last = "";
  const look = (): void => {
    let line: string;
    try {
      const changes = settingsChanged(deployed, stackSettings(root, stack));
      line =
        changes.length > 0
          ? `${file} has changed: ${changes.join("; ")}. To deploy with it: Ctrl-C, then ${again}.`
          : `${file} says again what was deployed.`;
    } catch (error) {
      line = `${file} cannot be read: ${(error as Error).message.split("\n")[0]}`;
    }
    if (line !== last && (last !== "" || !line.endsWith("what was deployed."))) say(line);
    last = line;
  };
  const watcher = watch(join(root, file), { ignoreInitial: true });
  watcher.on("all", () => {
    clearTimeout(timer);
    timer = setTimeout(look, quiet);
  });
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
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
