import { parse, YAMLParseError } from "yaml";

/** A file that is no YAML. The message names it with line and column, and shows nothing of its text, which may be a secret. */
export class YamlFileError extends Error {
  override readonly name = "YamlFileError";
  readonly code = "no-yaml";

  constructor(
    /** Name of the file, as a person calls it: `Pulumi.dev.yaml`. */
    readonly file: string,
    said: string,
  ) {
    super(`${file} is no YAML: ${said}. Correct that line.`);
  }
}

/**
 * What a YAML file says. Throws a {@link YamlFileError}.
 * @param file its name, for the error
 */
export function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The first line says what and where; below it the library shows the text.
    const [said = ""] = error.message.split("\n");
    throw new YamlFileError(file, said.replace(/:?\s*$/, ""));
  }
}
