import type { HandMade, HandMadeWebApp } from "./hand-made";

/** A file for `pulumi import --file`: https://www.pulumi.com/docs/iac/guides/migration/import/#bulk-import-operations */
export interface ImportFile {
  readonly resources: readonly ImportedResource[];
}

export interface ImportedResource {
  readonly type: string;
  /** By which others in the file call it. */
  readonly name: string;
  /** The program's name of it. */
  readonly logicalName: string;
  readonly parent?: string;
  /** Only where it is one of Azure's. */
  readonly id?: string;
  readonly component?: true;
}

/**
 * What Pulumi takes into the state, under the names and in the components in which the program makes it. Nothing else has to
 * be there before `pulumi up`: what the program finds missing it makes.
 */
export function importsOf(
  { bot }: HandMade,
  project: string,
  adopted: {
    readonly connections: readonly string[];
    readonly teams: boolean;
    readonly webApp: HandMadeWebApp | undefined;
  },
): ImportFile {
  const component = (type: string, logicalName: string, parent?: string): ImportedResource => ({
    type,
    name: `component ${logicalName}`,
    logicalName,
    component: true,
    ...(parent === undefined ? {} : { parent }),
  });
  const whole = component("bot-sign-in:index:BotSignIn", project);
  const part = (type: string, tail: string): ImportedResource =>
    component(`bot-sign-in:infra:${type}`, `${project}-${tail}`, whole.name);
  const resource = (type: string, logicalName: string, parent: ImportedResource, id: string): ImportedResource => ({
    type: `azure-native:${type}`,
    name: logicalName,
    logicalName,
    parent: parent.name,
    id,
  });
  const registration = part("BotRegistration", "bot");
  const connections = part("Connections", "connections");
  const channels = part("Channels", "channels");
  const host = part("Hosting", "host");
  return {
    resources: [
      whole,
      registration,
      resource("botservice:Bot", registration.logicalName, registration, bot.id),
      connections,
      ...adopted.connections.map((name) =>
        resource(
          "botservice:BotConnection",
          `${connections.logicalName}-${name}`,
          connections,
          `${bot.id}/connections/${name}`,
        ),
      ),
      ...(adopted.teams
        ? [
            channels,
            resource(
              "botservice:Channel",
              `${channels.logicalName}-teams`,
              channels,
              `${bot.id}/channels/MsTeamsChannel`,
            ),
          ]
        : []),
      ...(adopted.webApp ? [host, resource("web:WebApp", host.logicalName, host, adopted.webApp.id)] : []),
    ],
  };
}
