import { type Environment, environmentOf } from "./environment";
import { type Problem, shownAs } from "./settings-error";
import { type SettingName, type ValueOf, problemWith, singleValues } from "./single-values";
import { type Source, shown, text } from "./source";

/** How a setting is said. */
export function command(name: SettingName): string {
  const { example, typed = example }: { example: string; typed?: string } = singleValues[name];
  return `pulumi config set ${name} ${typed}`;
}

/** The problem of a setting that has to be said. */
export function missing(name: SettingName, hint?: string): Problem {
  const { allowed } = singleValues[name];
  const problem = { code: "missing-setting", setting: name, allowed, example: command(name) } as const;
  return hint ? { ...problem, hint } : problem;
}

/** A setting that is one value, as the stack says it; undefined where it does not, or says it wrongly, which is told. */
export function readSingleValue<N extends SettingName>(
  source: Source,
  name: N,
  problems: Problem[],
): ValueOf<N> | undefined {
  const given = text(source, name);
  if (given === undefined) return undefined;
  const problem = problemWith(name, given);
  if (!problem) return singleValues[name].read(given) as ValueOf<N>;
  problems.push({ setting: name, seen: shown(source, name), example: command(name), ...problem });
  return undefined;
}

/** azure-native's own region, which people know by its display name as well. */
export function readProvidersLocation(source: Source, problems: Problem[]): string | undefined {
  const setting = "azure-native:location";
  const given = source.config[setting];
  const problem = given === undefined ? undefined : problemWith("location", given);
  if (problem?.code === "other-cloud") {
    problems.push({ setting, seen: shownAs(given, false), example: command("location"), ...problem });
  }
  return given;
}

/** Where nobody knows the environment there is a problem, and the answer serves only to find the others. */
export function readEnvironment(source: Source, said: Environment | undefined, problems: Problem[]): Environment {
  const environment = environmentOf(source.stack, said);
  if (typeof environment === "string") return environment;
  const seen = said && { seen: JSON.stringify(said) };
  const { allowed } = singleValues.environment;
  // A value that is none has its own problem already.
  const isWrong = said === undefined && text(source, "environment") !== undefined;
  if (!isWrong) problems.push({ setting: "environment", ...seen, allowed, ...environment });
  return "prod";
}
