import { isEncrypted } from "./embedded/project";

/** A stack's file as YAML says it. */
export interface StackFile {
  readonly config?: Readonly<Record<string, unknown>> | null;
  readonly [encryption: string]: unknown;
}

/** The stack that deploys another one's settings into the local Azure: its state and its secrets are of the local Azure. */
export const localStackOf = (stack: string): string => `local-${stack}`;

/** Why a stack cannot be deployed into the local Azure as its file stands. */
export class LocalStackError extends Error {
  override readonly name = "LocalStackError";

  constructor(
    readonly code: "secret-unknown",
    message: string,
  ) {
    super(message);
  }
}

/**
 * What the local stack's file has to say: the settings of the stack whose settings it tries, its environment said aloud, and
 * of secrets only its own. Pure.
 * @param source the stack's file
 * @param before the local stack's file of an earlier time, with its encryption; undefined where there is none
 * @param encryption of the local stack's state; undefined where it has none yet: then Pulumi makes one
 * @throws LocalStackError where a secret is only in the source, encrypted for the real Azure
 */
export function localStackFile(
  project: string,
  stack: string,
  source: StackFile,
  before: StackFile | undefined,
  encryption: Readonly<Record<string, unknown>> | undefined,
): StackFile {
  const full = (key: string): string => (key.includes(":") ? key : `${project}:${key}`);
  const kept = encryption === undefined ? {} : (before?.config ?? {});
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source.config ?? {})) {
    const key = full(name);
    if (key === `${project}:connections` && Array.isArray(value)) config[key] = value.map(withoutSecret);
    else if (!holdsEncrypted(value)) config[key] = value;
    else if (kept[key] !== undefined) config[key] = kept[key];
    else {
      throw new LocalStackError(
        "secret-unknown",
        `${key} is encrypted for the real Azure in Pulumi.${stack}.yaml. Give the local one a value of its own, in clear, by a ` +
          `stack file without that secret: npm run azure:up -- --stack <stack>.`,
      );
    }
  }
  // "local-prod" says nothing of an environment by itself.
  config[`${project}:environment`] ??= stack;
  return { ...(encryption ?? {}), config };
}

/** Secrets of connections are those of their applications at the local providers, which come afterwards. */
function withoutSecret(connection: unknown): unknown {
  if (typeof connection !== "object" || connection === null) return connection;
  return Object.fromEntries(Object.entries(connection).filter(([, value]) => !isEncrypted(value)));
}

function holdsEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isEncrypted(value) || Object.values(value).some(holdsEncrypted);
}

/** How a state of a stack is encrypted, as a stack's file says it; undefined where it is by no passphrase. */
export function encryptionOf(state: {
  readonly deployment?: { readonly secrets_providers?: { readonly state?: { readonly salt?: string } } };
}): Readonly<Record<string, unknown>> | undefined {
  const salt = state.deployment?.secrets_providers?.state?.salt;
  return salt === undefined ? undefined : { encryptionsalt: salt };
}
