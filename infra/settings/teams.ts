import { type TeamsGroups, teamsGroups } from "../../contract/app-settings";
import { type Problem, shownAs } from "./settings-error";
import { problemsOfFields, type SettingFields } from "./fields";

/** Where the bot can be used in Teams: the scopes of its app package. */
const teamsScopes = ["personal", "groupChat", "team", "copilot"] as const;
export type TeamsScope = (typeof teamsScopes)[number];

/** The bot in Teams as the stack's file says it: what people read of its app, and where it answers. What is left out has a default. */
export interface TeamsSettings {
  /** Default: personal, and where people are answered in groups those, too. */
  readonly scopes?: readonly TeamsScope[];
  /** How somebody is answered who asks for something of his in a group chat or a channel. Default: off. */
  readonly groups?: TeamsGroups;
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
  groups: {
    allowed: teamsGroups.join(", "),
    example: "targeted",
    fits: (value) => (teamsGroups as readonly unknown[]).includes(value),
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
  const teams = withWord(value);
  const problems = [...problemsOfFields(settingFields, teams, encrypted)];
  if (problems.length === 0) problems.push(...scopesWithoutGroups(teams as TeamsSettings, encrypted));
  return { teams: problems.length > 0 ? undefined : (teams as TeamsSettings), problems };
}

/** Some readers of YAML take a bare `off` for false. */
function withWord(value: unknown): unknown {
  const { groups } = (value ?? {}) as { groups?: unknown };
  return groups === false ? { ...(value as object), groups: "off" } : value;
}

/** Where the bot can be used: what is said, or what follows from where it answers. */
export function scopesOf({ scopes, groups = "off" }: TeamsSettings): readonly TeamsScope[] {
  return scopes ?? (groups === "off" ? ["personal"] : ["personal", "groupChat", "team"]);
}

/**
 * What is wrong with scopes that do not go with `groups`: people are asked for in a group that Teams adds the bot to, and
 * their own chat is where they are answered otherwise, and where Teams installs the app to sign them in by itself.
 */
function scopesWithoutGroups(teams: TeamsSettings, encrypted: boolean): Problem[] {
  const scopes = scopesOf(teams);
  const { groups = "off" } = teams;
  if (groups === "off") return [];
  if (scopes.includes("personal") && (scopes.includes("groupChat") || scopes.includes("team"))) return [];
  const allowed = `personal, and groupChat or team, with groups: ${groups}`;
  const example = `teams: { scopes: [personal, groupChat, team], groups: ${groups} }`;
  return [{ code: "wrong-value", setting: "teams.scopes", seen: shownAs(scopes, encrypted), allowed, example }];
}

const settingFields: SettingFields<keyof TeamsSettings> = {
  setting: "teams",
  example: "teams: { scopes: [personal] }",
  names: Object.keys(fields) as [keyof TeamsSettings, ...(keyof TeamsSettings)[]],
  exampleOf: (name) => `teams: { ${name}: ${fields[name].example} }`,
  wrongFor: (name, value) => (fields[name].fits(value) ? undefined : fields[name]),
};
