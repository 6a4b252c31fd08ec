import type { Problem } from "../settings-error";
import { problemsOfFields, type SettingFields } from "./setting-fields";

/** Where the bot can be used in Teams: the scopes of its app package. */
export const teamsScopes = ["personal", "groupChat", "team", "copilot"] as const;
export type TeamsScope = (typeof teamsScopes)[number];

/** What people read of the bot's app in Teams, as the stack's file says it. What is left out has a default. */
export interface TeamsSettings {
  /** Default: personal alone. */
  readonly scopes?: readonly TeamsScope[];
  /** Version of the package; Teams takes an update only under a higher one. Default: the project's. */
  readonly version?: string;
  readonly shortDescription?: string;
  readonly fullDescription?: string;
  /** Who answers for the app: at most 32 characters. Default: the bot's name. */
  readonly developer?: string;
  /** https addresses that the admin catalogue shows. Default: the bot's own host. */
  readonly website?: string;
  readonly privacy?: string;
  readonly termsOfUse?: string;
}

interface Field {
  readonly allowed: string;
  readonly example: string;
  fits(value: unknown): boolean;
}

const text = (most: number, example: string): Field => ({
  allowed: `1 to ${most} characters`,
  example,
  fits: (value) => typeof value === "string" && value.trim() !== "" && value.length <= most,
});
const address = (example: string): Field => ({
  allowed: "an https address",
  example,
  fits: (value) => typeof value === "string" && value.length <= 2048 && URL.parse(value)?.protocol === "https:",
});

/** Lengths: https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json */
const fields: Readonly<Record<keyof TeamsSettings, Field>> = {
  scopes: {
    allowed: `a list of ${teamsScopes.join(", ")}`,
    example: "[personal, groupChat]",
    fits: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((one) => (teamsScopes as readonly unknown[]).includes(one)),
  },
  version: {
    allowed: "three numbers",
    example: '"1.2.0"',
    fits: (value) => typeof value === "string" && /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(value),
  },
  shortDescription: text(80, "Reads and sends your mail"),
  fullDescription: text(4000, "Reads and sends your mail, once you have signed in."),
  developer: text(32, "Contoso"),
  website: address("https://contoso.com/mail-bot"),
  privacy: address("https://contoso.com/privacy"),
  termsOfUse: address("https://contoso.com/terms"),
};

/**
 * Reads `teams` of a stack file.
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function readTeams(
  value: unknown,
  encrypted: boolean,
): { teams: TeamsSettings | undefined; problems: Problem[] } {
  if (value === undefined) return { teams: undefined, problems: [] };
  const problems = problemsOfFields(settingFields, value, encrypted);
  return { teams: problems.length > 0 ? undefined : (value as TeamsSettings), problems };
}

const settingFields: SettingFields<keyof TeamsSettings> = {
  setting: "teams",
  example: "teams: { scopes: [personal] }",
  names: Object.keys(fields) as [keyof TeamsSettings, ...(keyof TeamsSettings)[]],
  exampleOf: (name) => `teams: { ${name}: ${fields[name].example} }`,
  wrongFor: (name, value) => (fields[name].fits(value) ? undefined : fields[name]),
};
