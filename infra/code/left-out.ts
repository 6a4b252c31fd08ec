import { couldBeSecret } from "../settings/plain-secrets";
import type { Files } from "./zip";

/** What of a bot's folder does not go along, and what does although it should be looked at. */
export interface Sorted {
  readonly files: Files;
  /** Left out because people keep secrets in it. */
  readonly secretFiles: readonly string[];
  /** Taken along although it seems to hold a secret. */
  readonly suspects: readonly string[];
}

/** Nothing that runs. */
const rubbish =
  /(^|\/)(\.git|\.hg|\.svn|\.idea|\.vscode|\.vs|__pycache__|\.venv|venv|\.pytest_cache|__MACOSX)\/|(^|\/)(\.DS_Store|Thumbs\.db|.*\.pyc)$/;

/** Files in which people keep secrets. What is only an example of one is none. */
const secretive =
  /(^|\/)(\.env(\.[^/]+)?|[^/]+\.env|\.npmrc|\.pypirc|\.netrc|local\.settings\.json|appsettings\.Development\.json|Pulumi\.[^/]+\.ya?ml|[^/]+\.(pem|pfx|p12|key|ppk|publishsettings|pubxml\.user)|id_(rsa|dsa|ecdsa|ed25519)|(\.ssh|\.aws|\.azure|\.pulumi)\/.*)$/i;
const exampleOnly = /\.(example|sample|template|dist|defaults?)$/i;

/** Settings of this kind in a file of a readable kind: `"MicrosoftAppPassword": "..."`, `CLIENTSECRET=...`. */
const assigned = /(?:password|secret|api_?key)["']?\s*[:=]\s*["']?([^\s"',;]{16,})/gi;
const readable = /\.(json|jsonc|ya?ml|toml|ini|cfg|config|xml|py|js|cjs|mjs|ts|properties|txt)$/i;
const readLimit = 256 * 1024;

/**
 * Sorts a bot's files. Packages of others (`node_modules`) go along as they are: their keys and certificates are everybody's.
 */
export function sortFiles(all: Files): Sorted {
  const files: Record<string, Uint8Array> = {};
  const secretFiles: string[] = [];
  const suspects: string[] = [];
  for (const [path, content] of Object.entries(all)) {
    const ofOthers = /(^|\/)(node_modules|site-packages|\.python_packages)\//.test(path);
    if (rubbish.test(path) && !ofOthers) continue;
    if (!ofOthers && secretive.test(path) && !exampleOnly.test(path)) {
      secretFiles.push(path);
      continue;
    }
    if (!ofOthers && readable.test(path) && content.length <= readLimit && holdsSecret(content)) suspects.push(path);
    files[path] = content;
  }
  return { files, secretFiles: secretFiles.sort(), suspects: suspects.sort() };
}

function holdsSecret(content: Uint8Array): boolean {
  const text = Buffer.from(content).toString("utf8");
  return [...text.matchAll(assigned)].some(([, value = ""]) => /\d/.test(value) && couldBeSecretValue(value));
}

/** A secret of Entra has 40 letters, digits and `~._-`; names of variables and calls have brackets or no digits. */
function couldBeSecretValue(value: string): boolean {
  return couldBeSecret(value) || /^(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9~._+/=-]{20,}$/.test(value);
}
