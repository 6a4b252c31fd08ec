import { z } from "zod";
import { envelope } from "../arm/answer";
import { takeBack } from "../arm/body";
import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import { notServed } from "../gap";
import { each } from "../members";
import { noteSecret } from "../secrets";
import type { Azure, Resource } from "../service";
import { configNotFound, invalidParameter, methodNotAllowed } from "./errors";
import type { Platform } from "./platform";
import { regionOf, showWebConfig, signInSettings } from "./site-answer";
import { checkAlwaysOn, checkRuntime, checkSettingNames, planOf } from "./site-checks";
import { signInSchema, siteConfigSchema } from "./site-schema";
import { appSettingsOf, connectionStringsOf, siteProperties, webConfigOf, type WebConfig } from "./site";

const type = "Microsoft.Web/sites/config";

/** Parts that hold secrets: GET refuses them, a right of its own (`.../list/action`) reads them. */
const secretParts: ReadonlySet<string> = new Set(["appsettings", "connectionstrings"]);

/** Parts that Azure has as well; they are only read here, as those of a site that uses none of them. */
const unserved: ReadonlySet<string> = new Set(
  "authsettings azurestorageaccounts backup metadata pushsettings publishingcredentials".split(" "),
);

/** What a new site's `config/web` says. */
const webDefaults: WebConfig = {
  numberOfWorkers: 1,
  netFrameworkVersion: "v4.0",
  linuxFxVersion: "",
  appCommandLine: "",
  http20Enabled: true,
  minTlsVersion: "1.2",
  scmMinTlsVersion: "1.2",
  ftpsState: "FtpsOnly",
  use32BitWorkerProcess: true,
  managedPipelineMode: "Integrated",
  loadBalancing: "LeastRequests",
  scmType: "None",
  ...each(
    false,
    "alwaysOn webSocketsEnabled httpLoggingEnabled detailedErrorLoggingEnabled requestTracingEnabled",
    "remoteDebuggingEnabled autoHealEnabled localMySqlEnabled vnetRouteAllEnabled",
    "scmIpSecurityRestrictionsUseMain functionsRuntimeScaleMonitoringEnabled",
  ),
};

/** The parts of a site's configuration: each a resource of this type, all in being with their site. */
export function siteConfig(platform: Platform): ResourceType {
  const { azure } = platform;
  return {
    type,
    apiVersions: apiVersionsOf("Microsoft.Web"),
    level: "parent",
    created: 200,
    methods: ["PATCH"],
    listMembers: { nextLink: null, id: null },
    show(given, answer) {
      const site = siteOf(azure, given)!;
      const config = { ...given, location: regionOf(given.location) };
      const part = given.name.toLowerCase();
      if (part === "web") return showWebConfig(site, config, answer === "PUT");
      // Names that stay with a slot are told as the site's own. recorded: azure-cli test_linux_webapp_quick_create
      if (part === "slotconfignames") return { ...envelope(config), id: null, name: site.name, type: site.type };
      if (!secretParts.has(config.name.toLowerCase()) || answer === "PUT") return envelope(config);
      if (answer === "LIST") return envelope(config, {});
      throw methodNotAllowed(`This part is read by POST config/${config.name}/list.`);
    },
    write({ body }, config, before) {
      const site = siteOf(azure, config);
      const part = parts[config.name.toLowerCase()];
      if (unserved.has(config.name.toLowerCase())) throw notServed(`a write of a site's config/${config.name}`);
      if (!part || !site) throw configNotFound(config.name);
      const given = (body.properties ?? {}) as Record<string, unknown>;
      config.properties = part({ azure, site, config, before, given });
    },
    written(context, config) {
      const site = siteOf(azure, config)!;
      const name = config.name.toLowerCase();
      if (name === "web") writeConfiguration(azure, site, (context.body.properties ?? {}) as WebConfig);
      if (!["logs", "slotconfignames", "authsettingsv2"].includes(name)) platform.configurationWritten(site);
    },
  };
}

interface PartWrite {
  readonly azure: Azure;
  readonly site: Resource;
  readonly config: Resource;
  readonly before: Resource | undefined;
  /** The properties that the request names. */
  readonly given: Record<string, unknown>;
}

const connectionString = z.strictObject({ value: z.string(), type: z.string() });

/** How a write of each part is checked; gives what is kept. */
const parts: Readonly<Record<string, (write: PartWrite) => Record<string, unknown>>> = {
  web({ azure, site, before, given: said }) {
    if (before) takeBack(siteConfigSchema, said, showWebConfig(site, before, false).properties);
    const given = checked(siteConfigSchema, said) as WebConfig;
    const plan = planOf(azure, siteProperties(site).serverFarmId);
    checkRuntime(plan, given);
    checkAlwaysOn(plan, given);
    checkSettingNames(((given.appSettings ?? []) as { name: string }[]).map(({ name }) => name));
    return webConfig(before?.properties as WebConfig | undefined, given);
  },
  appsettings({ config }) {
    const settings = checked(z.record(z.string(), z.string().nullable()), config.properties);
    checkSettingNames(Object.keys(settings));
    return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
  },
  connectionstrings({ config }) {
    const strings = checked(z.record(z.string(), connectionString), config.properties);
    for (const { value } of Object.values(strings)) noteSecret(value);
    return strings;
  },
  authsettingsv2: ({ config, before }) => ({
    ...before?.properties,
    ...checked(signInSchema, config.properties),
  }),
  logs: ({ config, before }) => ({ ...before?.properties, ...config.properties }),
  slotconfignames: ({ config, before }) => ({ ...before?.properties, ...config.properties }),
};

/**
 * Keeps what a write of a site or of `config/web` says of its configuration. App settings are all or nothing: given,
 * they replace the whole set; left out, they stay.
 */
export function writeConfiguration(azure: Azure, site: Resource, given: WebConfig): void {
  const keep = (name: string, properties: Record<string, unknown>): void =>
    void azure.resources.set({ id: `${site.id}/config/${name}`, name, type, location: site.location, properties });
  const before = azure.resources.get(`${site.id}/config/web`)?.properties as WebConfig | undefined;
  keep("web", webConfig(before, given));
  const settings = given.appSettings as { name: string; value?: string | null }[] | null | undefined;
  if (settings || !before) {
    keep("appsettings", Object.fromEntries((settings ?? []).map(({ name, value }) => [name, value ?? ""])));
  }
  const strings = given.connectionStrings as
    { name: string; connectionString?: string | null; type?: string | null }[] | null | undefined;
  if (strings || !before) {
    const entries = (strings ?? []).map(({ name, connectionString: value, type: kind }) => [
      name,
      { value: noteSecret(value ?? ""), type: kind ?? "Custom" },
    ]);
    keep("connectionstrings", Object.fromEntries(entries) as Record<string, unknown>);
  }
  if (before) return;
  keep("logs", {
    applicationLogs: { fileSystem: { level: "Off" } },
    httpLogs: { fileSystem: { retentionInMb: 35, retentionInDays: null, enabled: false } },
    failedRequestsTracing: { enabled: false },
    detailedErrorMessages: { enabled: false },
  });
  keep("slotConfigNames", { connectionStringNames: null, appSettingNames: null, azureStorageConfigNames: null });
}

/** `config/web` after a write: what it does not say stays. Settings and connection strings are never shown here. */
function webConfig(before: WebConfig | undefined, given: WebConfig): WebConfig {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  const rules = said.ipSecurityRestrictions as readonly { ipAddress?: string }[] | undefined;
  return {
    ...webDefaults,
    ...before,
    ...said,
    ...(rules?.length && { ipSecurityRestrictions: closed(rules, said.ipSecurityRestrictionsDefaultAction) }),
    appSettings: null,
    connectionStrings: null,
  };
}

/** The access rules as App Service shows them: once there is one, a last one says what meets everybody else. */
function closed(rules: readonly { readonly ipAddress?: string }[], action: unknown = "Deny"): unknown[] {
  if (rules.some(({ ipAddress }) => ipAddress === "Any")) return [...rules];
  const rest = { ipAddress: "Any", action, priority: 2147483647, name: `${action} all` };
  return [...rules, { ...rest, description: `${action} all access` }];
}

/** POSTs below a site that its configuration answers. */
export function configurationActions(azure: Azure): NonNullable<ResourceType["actions"]> {
  const part = (site: Resource, name: string, properties: Record<string, unknown>): Record<string, unknown> => ({
    id: `${site.id}/config/${name}`,
    name,
    type,
    location: regionOf(site.location),
    properties,
  });
  return {
    "config/appsettings/list": (_context, site) => part(site, "appsettings", appSettingsOf(azure, site)),
    "config/connectionstrings/list": (_context, site) =>
      part(site, "connectionstrings", connectionStringsOf(azure, site)),
    "config/metadata/list": (_context, site) => part(site, "metadata", {}),
    "config/authsettings/list": (_context, site) => part(site, "authsettings", { ...signInSettings }),
    "config/azurestorageaccounts/list": (_context, site) => part(site, "azurestorageaccounts", {}),
    "config/web/list": (_context, site) => part(site, "web", webConfigOf(azure, site)),
  };
}

function siteOf(azure: Azure, config: Resource): Resource | undefined {
  return azure.resources.get(config.id.replace(/\/config\/[^/]+\/?$/i, ""));
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
  throw invalidParameter(["properties", ...issue.path, ...keys.slice(0, 1)].join("."), issue.message);
}
