/** What the SDKs call a part of who the bot is; a service connection of the Agents SDK has it behind its own name. */
const namesOf = (plain: string, ofConnection: string): RegExp =>
  new RegExp(
    `^(MicrosoftApp${plain}|${ofConnection}|connections(?:__|:)\\w+(?:__|:)settings(?:__|:)${ofConnection})$`,
    "i",
  );

/** By which names the SDKs find the bot's id, its tenant and its secret; see infra/facts/sdks.ts. */
export const settingNames = {
  id: namesOf("Id", "clientId"),
  tenant: namesOf("TenantId", "tenantId"),
  secret: namesOf("Password", "clientSecret"),
} as const;

type Settings = Readonly<Record<string, string>>;

/** What precedes a setting of a service connection; undefined where it is none of these. */
const connectionOf = (name: string): string | undefined =>
  /^connections(?:__|:)(\w+?)(?:__|:)settings(?:__|:)/i.exec(name)?.[1]?.toLowerCase();

/**
 * The app settings as far as they tell the code who the bot is: without the empty ones, which every SDK takes as not there, and
 * without those of service connections by which the Agents SDK is somebody else. The bot's is the one with its id, else those to
 * which the map of the connections leads, else each.
 */
export function settingsOfBot(settings: Settings, appId: string): Settings {
  const there = Object.entries(settings).filter(([, value]) => value !== "");
  const withId = there.flatMap(([name, value]) => {
    const connection = settingNames.id.test(name) ? connectionOf(name) : undefined;
    return connection !== undefined && value.toLowerCase() === appId.toLowerCase() ? [connection] : [];
  });
  const mapped = there.flatMap(([name, value]) =>
    /^connectionsMap(?:__?|:)\d+(?:__?|:)connection$/i.test(name) ? [value.toLowerCase()] : [],
  );
  const own = withId.length > 0 ? withId : mapped;
  return Object.fromEntries(
    there.filter(([name]) => {
      const connection = connectionOf(name);
      return connection === undefined || own.length === 0 || own.includes(connection);
    }),
  );
}
