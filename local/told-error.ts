/**
 * What a person reads of an error that ends a command.
 * @param usage one sentence on what the command takes, for an option that it does not know
 */
export function toldError(error: unknown, usage: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith("ERR_PARSE_ARGS") ? `${error.message.split(". ")[0]}. ${usage}` : error.message;
}
