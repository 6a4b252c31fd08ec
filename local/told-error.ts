import { nearest } from "../infra/settings/nearest";

/**
 * What a person reads of an error that ends a command.
 * @param usage one sentence on what the command takes, for an option that it does not know
 * @param options names of those that it knows: the one that is most like a misspelt one is named
 */
export function toldError(error: unknown, usage: string, options: readonly string[] = []): string {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (message === undefined) return String(error);
  if (!code?.startsWith("ERR_PARSE_ARGS")) return message;
  const typed = /^Unknown option '--([^']+)'/.exec(message)?.[1];
  const meant = typed === undefined ? undefined : nearest(typed, options);
  return [`${message.split(". ")[0]}.`, ...(meant === undefined ? [] : [`Did you mean --${meant}?`]), usage].join(" ");
}
