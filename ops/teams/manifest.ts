import { createHash } from "node:crypto";
import type { TeamsManifestV1D29 } from "@microsoft/app-manifest/build/generated-types/teams/TeamsManifestV1D29";
import { introductionOf } from "../../bot/introduction";
import type { Connection } from "../../contract/connection";
import { scopesOf, type TeamsScope, type TeamsSettings } from "../../infra/settings/teams";
import type { DeployedBot } from "../../infra/deployment/teams-agreement";
import type { StackSettings } from "../pulumi/stack-settings";

/** Typed by the published schema. */
export type TeamsManifest = TeamsManifestV1D29;

/** What of the stack's settings the manifest says. */
export interface ManifestSettings {
  readonly displayName: string;
  /** Undefined for prod; else what tells this app from its sisters: `dev`, `pr-42`. */
  readonly stack: string | undefined;
  /** Of the project. */
  readonly version: string;
  readonly connections: readonly Pick<Connection, "skill">[];
  /** Whether the commands of the bundled bot are the bot's. */
  readonly bundled: boolean;
  readonly teams: TeamsSettings;
}

/** Characters that Teams shows of a name. */
const longestName = 30;
const accent = "#0B6A4D";

/**
 * The manifest of the bot's app. Its id follows from the bot's, so that every package of one bot is the same app to Teams.
 * https://learn.microsoft.com/microsoft-365/extensibility/schema
 */
export function manifestOf(bot: DeployedBot, settings: ManifestSettings): TeamsManifest {
  const { teams } = settings;
  const scopes = scopesOf(teams);
  const name = nameOf(settings);
  const own = `https://${bot.host}/`;
  const { welcome } = introductionOf(settings.connections);
  const commands = settings.bundled ? commandsOf(settings.connections) : [];
  return {
    $schema: "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
    manifestVersion: "1.29",
    version: teams.version ?? settings.version,
    id: appIdOf(bot.appId),
    developer: {
      name: (teams.developer ?? settings.displayName).slice(0, 32),
      websiteUrl: teams.website ?? own,
      privacyUrl: teams.privacy ?? own,
      termsOfUseUrl: teams.termsOfUse ?? own,
    },
    name: { short: name, full: settings.stack ? `${settings.displayName} (${settings.stack})`.slice(0, 100) : name },
    description: {
      short: teams.shortDescription ?? `${settings.displayName}, once you have signed in`.slice(0, 80),
      full: teams.fullDescription ?? welcome.replaceAll("**", ""),
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: accent,
    bots: [
      {
        botId: bot.appId,
        scopes: [...scopes],
        supportsFiles: false,
        isNotificationOnly: false,
        // People may then ask aside, too, by the bot's name after a slash.
        ...(teams.groups === "targeted" ? { supportsTargetedMessages: true } : {}),
        ...(commands.length > 0 ? { commandLists: [{ scopes: [...scopes], commands }] } : {}),
      },
    ],
    permissions: ["identity", "messageTeamMembers"],
    validDomains: [bot.tokenHost, bot.host],
    ...(bot.singleSignOn
      ? { webApplicationInfo: { id: bot.singleSignOn.appId, resource: bot.singleSignOn.resource } }
      : {}),
    ...(scopes.includes("team") ? { supportsChannelFeatures: "tier1" as const } : {}),
    ...copilot(scopes, bot),
  };
}

/**
 * The manifest of a stack's bot.
 * @param version of the project
 */
export function manifestOfStack(
  bot: DeployedBot,
  settings: StackSettings,
  stack: string,
  version: string,
): TeamsManifest {
  const { displayName, environment, connections, code, teams = {} } = settings;
  return manifestOf(bot, {
    displayName,
    version,
    connections,
    teams,
    stack: environment === "prod" ? undefined : stack,
    bundled: code === undefined,
  });
}

function copilot(scopes: readonly TeamsScope[], bot: DeployedBot): Partial<Pick<TeamsManifest, "copilotAgents">> {
  if (!scopes.includes("copilot")) return {};
  return { copilotAgents: { customEngineAgents: [{ type: "bot", id: bot.appId }] } };
}

/** Previews and test environments say in their name what they are: people have several beside each other. */
function nameOf({ displayName, stack }: ManifestSettings): string {
  if (stack === undefined) return displayName.slice(0, longestName).trim();
  const tail = ` (${stack.length > 16 ? `${stack.slice(0, 15)}…` : stack})`;
  return displayName.slice(0, longestName - tail.length).trim() + tail;
}

/** A GUID (version 8: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8) that follows from the bot's. */
function appIdOf(botAppId: string): string {
  const bytes = createHash("sha256").update(`Teams app of ${botAppId.toLowerCase()}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The bot's own help, command by command: `**send** *address* *text*: sends a mail in your name`. */
function commandsOf(connections: ManifestSettings["connections"]): { title: string; description: string }[] {
  const lines = [...introductionOf(connections).help.matchAll(/^- \*\*(.+?)\*\*(.*)$/gm)];
  return lines.slice(0, 12).map(([, title = "", rest = ""]) => ({
    title: title.slice(0, 128),
    description: rest
      .replaceAll("*", "")
      .replace(/^\s*:\s*/, "")
      .trim()
      .slice(0, 4000),
  }));
}
