import { delimiter, dirname, join } from "node:path";
import { each } from "../members";

/** What decides the environment of an app's process. */
export interface EnvironmentSource {
  readonly siteName: string;
  readonly hostName: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly instanceId: string;
  readonly port: number;
  /** `/home` of the container. */
  readonly home: string;
  /** App settings with Key Vault references already replaced. */
  readonly settings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, { value: string; type: string }>>;
  /** Absent where the site has no identity: then App Service does not set the two names at all. */
  readonly identity?: { readonly endpoint: string; readonly header: string };
  readonly language: "node" | "python";
  /** Path of the program that runs the app, which is first on its path. */
  readonly executable: string;
  /** What makes the process reach the local Azure. */
  readonly network: Readonly<Record<string, string>>;
  /** Milliseconds by which the platform's clock is ahead of this machine's; 0 and absent leave the process as it is. */
  readonly clockAhead?: number;
}

const systemFolders = "/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin".split(" ");

const connectionStringPrefixes: Readonly<Record<string, string>> = {
  MySql: "MYSQLCONNSTR_",
  SQLServer: "SQLCONNSTR_",
  SQLAzure: "SQLAZURECONNSTR_",
  PostgreSQL: "POSTGRESQLCONNSTR_",
};

/**
 * The whole environment of an app's process: what App Service sets on Linux, the app settings under their own name and
 * with `APPSETTING_`, connection strings with their type's prefix, and the way to the local Azure. Nothing of this
 * process's own environment is passed on.
 * https://learn.microsoft.com/azure/app-service/reference-app-settings
 */
export function environmentOf(source: EnvironmentSource): Record<string, string> {
  const settings = Object.entries(source.settings);
  return {
    HOME: source.home,
    PATH: [dirname(source.executable), ...systemFolders].join(delimiter),
    LANG: "C.UTF-8",
    HOSTNAME: source.instanceId.slice(0, 12),
    ...each(source.siteName, "WEBSITE_SITE_NAME WEBSITE_DEPLOYMENT_ID WEBSITE_IIS_SITE_NAME"),
    WEBSITE_SLOT_NAME: "Production",
    WEBSITE_HOSTNAME: source.hostName,
    WEBSITE_INSTANCE_ID: source.instanceId,
    WEBSITE_ROLE_INSTANCE_ID: "0",
    WEBSITE_RESOURCE_GROUP: source.resourceGroup,
    WEBSITE_OWNER_NAME: `${source.subscriptionId}+${source.resourceGroup}-${webspaceRegion(source.location)}-Linux`,
    WEBSITE_OS: "linux",
    WEBSITE_STACK: source.language.toUpperCase(),
    REGION_NAME: source.location,
    APPSETTING_WEBSITE_SITE_NAME: source.siteName,
    ...Object.fromEntries(settings.map(([name, value]) => [`APPSETTING_${environmentName(name)}`, value])),
    ...Object.fromEntries(settings.map(([name, value]) => [environmentName(name), value])),
    ...Object.fromEntries(
      Object.entries(source.connectionStrings).map(([name, { value, type }]) => [
        `${connectionStringPrefixes[type] ?? "CUSTOMCONNSTR_"}${name}`,
        value,
      ]),
    ),
    ...(source.identity && {
      IDENTITY_ENDPOINT: source.identity.endpoint,
      IDENTITY_HEADER: source.identity.header,
      MSI_ENDPOINT: source.identity.endpoint,
      MSI_SECRET: source.identity.header,
    }),
    PORT: String(source.port),
    ...source.network,
    ...certificates(source.network.NODE_EXTRA_CA_CERTS),
    ...(source.language === "python" && {
      // Python reads one such file: what the app's own would be, its packages may not do without.
      PYTHONPATH: [join(__dirname, "python"), source.settings.PYTHONPATH].filter(Boolean).join(delimiter),
      PYTHONUNBUFFERED: "1",
    }),
    // Before the app's own, which may load what listens.
    NODE_OPTIONS: [
      preload("loopback.cjs"),
      source.settings.NODE_OPTIONS,
      source.clockAhead && preload("clock-ahead.cjs"),
    ]
      .filter(Boolean)
      .join(" "),
    // In Azure, the app and the services share one clock.
    ...(source.clockAhead && { CLOCK_AHEAD_MILLISECONDS: String(source.clockAhead) }),
  };
}

/** The certificates by which a service is known, under the names that OpenSSL, Python's requests and curl read. */
function certificates(file: string | undefined): Record<string, string> {
  return file === undefined ? {} : { SSL_CERT_FILE: file, REQUESTS_CA_BUNDLE: file, CURL_CA_BUNDLE: file };
}

/** Has every Node.js process of an app load a file of this folder before its own code. */
const preload = (file: string): string => `--require ${JSON.stringify(join(__dirname, file))}`;

/** On Linux a period becomes `_`: https://learn.microsoft.com/azure/app-service/configure-common#configure-app-settings */
const environmentName = (setting: string): string => setting.replaceAll(".", "_");

const webspaceRegion = (location: string): string => `${location.replaceAll(" ", "")}webspace`;
