import { randomBytes } from "node:crypto";
import { constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineEnvironment } from "./environment";
import { makePluginExecutables } from "./plugin-executables";

/** What a person needs to run `npx pulumi up` against a local Azure. */
export interface PulumiByHand {
  /** Everything but PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** What PATH has to begin with. */
  readonly path: string;
  /** Takes away what does not outlive the local Azure. */
  close(): void;
}

/**
 * Prepares a folder for Pulumi's state, with the plugins and a passphrase.
 * @param deployer environment of a deployer of the local Azure
 * @param data the local Azure's own folder; Pulumi's state then stays beside it. Without one both end together, because
 *   a state that outlives its Azure is wrong about everything
 */
export function pulumiByHand(deployer: Readonly<Record<string, string>>, data: string | undefined): PulumiByHand {
  const folder = data === undefined ? mkdtempSync(join(tmpdir(), "local-pulumi-")) : resolve(data, "pulumi");
  const state = join(folder, "state");
  mkdirSync(state, { recursive: true });
  const bin = join(folder, "bin");
  rmSync(bin, { recursive: true, force: true });
  const path = makePluginExecutables(bin);
  const { PATH: _path, ...environment } = engineEnvironment({
    deployer,
    state,
    passphrase: passphraseIn(folder),
    path,
  });
  return {
    environment,
    path,
    close: () => rmSync(data === undefined ? folder : bin, { recursive: true, force: true }),
  };
}

/** The passphrase of the states in this folder: made once, kept with them. */
function passphraseIn(folder: string): string {
  const file = join(folder, "passphrase");
  try {
    writeFileSync(file, randomBytes(18).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, { encoding: "utf8", flag: constants.O_RDONLY | constants.O_NOFOLLOW }).trim();
}
