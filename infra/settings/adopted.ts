import type { Problem } from "./settings-error";
import { problemsOfFields, type SettingFields, type WrongField } from "./fields";

/**
 * What was made by hand and is this stack's now, under the names that people gave it; `npm run adopt` writes it. Names are
 * Azure's own, of which the program would choose fewer.
 */
export interface Adopted {
  /** The bot's handle. */
  readonly bot: string;
  /** Whether it has a Teams channel, which stays as it is. Default: no, and then none is made. */
  readonly teams?: boolean;
  /** Name of its web app, which runs `code` from now on. */
  readonly webApp?: string;
  /** Whether that web app keeps an identity of its own beside those that it gets. */
  readonly systemIdentity?: boolean;
}

/**
 * Reads `adopted`, from a stack file or from the component's arguments.
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function readAdopted(value: unknown, encrypted: boolean): { adopted: Adopted | undefined; problems: Problem[] } {
  if (value === undefined) return { adopted: undefined, problems: [] };
  const problems = problemsOfFields(fields, value, encrypted);
  const isNamed = typeof value === "object" && value !== null && "bot" in value;
  if (problems.length === 0 && !isNamed) {
    const [allowed] = kinds.bot;
    problems.push({ code: "missing-setting", setting: "adopted.bot", allowed, example: fields.exampleOf("bot") });
  }
  return { adopted: problems.length > 0 ? undefined : (value as Adopted), problems };
}

const isFlag = (value: unknown): boolean => typeof value === "boolean";
const matches =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && pattern.test(value);

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const kinds: Readonly<Record<keyof Adopted, [allowed: string, example: string, fits: (value: unknown) => boolean]>> = {
  bot: [
    "the handle of a bot that is there, 2 to 64 of A-Z a-z 0-9 _ . -",
    '"contoso.helper"',
    matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}$/),
  ],
  teams: ["true, false", "true", isFlag],
  webApp: [
    "the name of a web app that is there, 2 to 60 of A-Z a-z 0-9 -",
    '"contoso-helper"',
    matches(/^[A-Za-z0-9-]{2,60}$/),
  ],
  systemIdentity: ["true, false", "true", isFlag],
};

const fields: SettingFields<keyof Adopted> = {
  setting: "adopted",
  example: 'adopted: { bot: "contoso.helper" }',
  names: ["bot", "teams", "webApp", "systemIdentity"],
  exampleOf: (name) => `adopted: { ${name}: ${kinds[name][1]} }`,
  wrongFor(name, value): WrongField | undefined {
    const [allowed, , fits] = kinds[name];
    return fits(value) ? undefined : { allowed };
  },
};

/** What else has to be said, or may not be, of a bot that was adopted. */
export function besideAdopted(
  adopted: Adopted | undefined,
  said: {
    readonly botHandle: string | undefined;
    readonly endpoint: boolean;
    readonly code: boolean;
    readonly chatPage: boolean;
  },
): Problem[] {
  const wrong = (setting: string, seen: string, allowed: string, example: string, hint: string): Problem => ({
    code: "contradiction",
    setting,
    seen,
    allowed,
    example,
    hint,
  });
  const problems: Problem[] = [];
  if (adopted && said.botHandle !== undefined) {
    const hint = "adopted.bot names the bot already.";
    problems.push(wrong("botHandle", said.botHandle, "nothing beside adopted", "leave botHandle out", hint));
  }
  if (said.endpoint && said.code) {
    const hint = "existing.endpoint says that the bot is hosted elsewhere: no web app of ours would run the code.";
    problems.push(wrong("code", "code", "nothing beside existing.endpoint", "leave one of both out", hint));
  }
  if ((adopted ?? said.endpoint) && said.chatPage) {
    const hint = "The chat page is the bundled bot's, and the sites of an adopted bot's channels stay as they are.";
    const example = "chatPage: { enabled: false }";
    problems.push(wrong("chatPage", "enabled", "a chat page that is off", example, hint));
  }
  if (adopted?.webApp !== undefined && (said.endpoint || !said.code)) {
    const hint = said.endpoint
      ? "existing.endpoint says that the bot is hosted elsewhere."
      : "Without code of its own the bundled bot would take the place of the one that runs there.";
    const example = "code: { folder: ../my-bot, sdk: agents-js }";
    problems.push(wrong("adopted.webApp", adopted.webApp, "a web app, beside code and no endpoint", example, hint));
  }
  if (adopted && adopted.webApp === undefined && !said.endpoint && !said.code) {
    const hint = "Without code of its own the bundled bot would take the place of the one that people talk to.";
    const example = 'existing: { endpoint: "https://bot.contoso.com/api/messages" }';
    problems.push(wrong("adopted", adopted.bot, "a bot with existing.endpoint or with code", example, hint));
  }
  return problems;
}
