import * as path from "node:path";

/** Where the project keeps what it can make or get again. `npm ci` empties it. */
export function cacheFolder(root: string): string {
  return path.join(root, "node_modules", ".cache", "bot-sign-in");
}
