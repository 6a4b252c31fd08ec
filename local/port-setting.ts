import { wholeNumber } from "../cli/arguments";
import { CommandError } from "./command-error";

/** The port of the page where nobody says another. */
const usual = 5100;

/**
 * The port that a person asked for, by `--port` or else by PORT.
 * @throws UsageError, or a CommandError, where it is no port
 */
export function portSetting(option: string | undefined, variable: string | undefined): number {
  if (option !== undefined) return wholeNumber("port", option, 0, 65_535);
  const port = variable ? Number(variable) : usual;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError("wrong-option", `PORT is "${variable}", which is no port. Allowed: 0 to 65535.`);
}
