import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Azure, Resource } from "../service";
import { Container, freePort } from "./container";
import { environmentOf } from "./environment";
import type { Guard } from "./guard";
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
  onLog(line: { app: string; text: string }): void;
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
  const [port, network, endpoint] = await Promise.all([
    freePort(),
    azure.environmentFor("bot"),
    identitiesOf(azure, site).length > 0 ? host.identityEndpoint() : undefined,
  ]);
  if (app.superseded()) return undefined;
  const { name, text } = startupScript(startCommand(config.appCommandLine, content), process.platform);
  const script = join(folder, name);
  writeFileSync(script, text);
  const wanted = /^NODE\|(\d+)/i.exec(config.linuxFxVersion ?? "")?.[1];
  if (wanted !== undefined && wanted !== process.versions.node.split(".")[0]) {
    azure.log(`App Service: ${site.name} asks for ${config.linuxFxVersion} and gets Node ${process.versions.node}`);
  }
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
      node: process.execPath,
      network,
      clockAhead: azure.clock.ahead,
    }),
    onLine: (line) => host.onLog({ app: site.name, text: line }),
  });
}
