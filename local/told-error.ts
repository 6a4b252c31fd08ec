/**
 * What a person reads of an error that ends a command.
 * @param usage one sentence on what the command takes, for an option that it does not know
 */
export function toldError(error: unknown, usage: string): string {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (message === undefined) return String(error);
  return code?.startsWith("ERR_PARSE_ARGS") ? `${message.split(". ")[0]}. ${usage}` : message;
}
