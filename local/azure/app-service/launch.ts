import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Azure, Resource } from "../service";
import { Container, freePort } from "./container";
import { environmentOf, type EnvironmentSource } from "./environment";
import type { Guard } from "./guard";
import { environmentFolder } from "./oryx";
import { nodeOf, python3, runtimeOf } from "./runtimes";
import { connectionStringsOf, groupOf, identitiesOf, siteProperties, webConfigOf } from "./site";
import { startCommand, startupScript } from "./startup";

/** What an app needs of the platform it runs on. */
export interface Host {
  readonly azure: Azure;
  readonly guard: Guard;
  /** Where content is kept over a restart. */
  readonly contentFolder?: string | undefined;
  /** Address of the managed-identity endpoint. */
  identityEndpoint(): Promise<string>;
  onLog(line: { app: string; text: string; isError: boolean }): void;
}

/** What is particular to one app. */
export interface Launch {
  readonly site: Resource;
  /** Private folder of the app; `home/site/wwwroot` below it is the content. */
  readonly folder: string;
  readonly content: string;
  /** App settings as the process sees them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly identityHeader: string;
  readonly instanceId: string;
  /** True where the container is not wanted any more by the time that all is ready for it. */
  superseded(): boolean;
}

/** Starts a container of a site's content, as the site is configured now. Undefined where it was superseded. */
export async function launch(host: Host, app: Launch): Promise<Container | undefined> {
  const { azure, guard } = host;
  const { site, folder, content } = app;
  const config = webConfigOf(azure, site);
  const [executable, port, network, endpoint] = await Promise.all([
    executableOf(host, app, config.linuxFxVersion ?? ""),
    freePort(),
    azure.environmentFor("bot"),
    identitiesOf(azure, site).length > 0 ? host.identityEndpoint() : undefined,
  ]);
  if (app.superseded()) return undefined;
  const { name, text } = startupScript(startCommand(config.appCommandLine, content), process.platform);
  const script = join(folder, name);
  writeFileSync(script, text);
  return new Container({
    folder: content,
    script,
    port,
    guard,
    environment: environmentOf({
      siteName: site.name,
      hostName: siteProperties(site).defaultHostName,
      subscriptionId: azure.tenant.subscriptionId,
      resourceGroup: groupOf(site.id),
      location: site.location ?? "",
      instanceId: app.instanceId,
      port,
      home: join(folder, "home"),
      settings: app.settings,
      connectionStrings: connectionStringsOf(azure, site),
      identity: endpoint ? { endpoint, header: app.identityHeader } : undefined,
      ...executable,
      network,
      clockAhead: azure.clock.ahead,
    }),
    onLine: (text, isError) => host.onLog({ app: site.name, text, isError }),
  });
}

/** What runs the app: its language, and the path of the program. */
async function executableOf(
  { azure }: Host,
  { site, folder }: Launch,
  runtime: string,
): Promise<Pick<EnvironmentSource, "language" | "executable">> {
  const found = runtimeOf(runtime);
  // A site that names no runtime is started by the command that it has, or by Node.js.
  if (typeof found === "string") return { language: "node", executable: process.execPath };
  if (found.language === "node") return { language: "node", executable: await nodeOf(found.major) };
  azure.log(`App Service: ${site.name} asks for ${runtime} and gets this machine's python3`);
  const own = join(environmentFolder(folder), "bin", "python3");
  return { language: "python", executable: existsSync(own) ? own : python3()! };
}
