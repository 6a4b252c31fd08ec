import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../infra/code/whole-file";
import { checkpointOf } from "../data/checkpoint";
import { DataFolder, type Kept } from "../data/folder";
import { caName } from "../data/ownership";
import { openBrowserDoor, type BrowserDoor, type OwnPages } from "../door/browser";
import { CertificateAuthority } from "../door/certificates";
import { Dispatch, type Latencies } from "../door/dispatch";
import { Faults } from "../door/faults";
import { HostTable } from "../door/host-table";
import { openProxy, type Proxy } from "../door/proxy";
import { redactText } from "../door/redaction";
import { createAppService } from "./app-service";
import type { Quota } from "./service";
import { createArm } from "./arm";
import { createBotService } from "./bot-service";
import type { Teams } from "./bot-service/teams";
import { bundleName, forJava, forTools, trustForEveryone, trustStoreName } from "./client-environment";
import { Clock } from "./clock";
import { createCompany } from "./company";
import { createEntra } from "./entra";
import type { DirectoryStore } from "./entra/directory-store";
import { createGitHub, type GitHub } from "./git-hub";
import { createGraph } from "./graph";
import { createPortalConsent } from "./graph/portal";
import { createKeyVault } from "./key-vault";
import { createLogAnalytics } from "./log-analytics";
import type { ResourceType } from "./arm/resource-type";
import { type LentHost, lentHosts } from "./lent-hosts";
import { OAuthClients } from "./oauth-clients";
import { keptSecrets, noteSecret } from "./secrets";
import type { Azure } from "./service";
import type { Service } from "./hosted-service";
import { createStorage } from "./storage";
import { noSwitches, type Switches } from "./switches";
import { newTenant, type Tenant } from "./tenant";
import { Trace } from "./trace";

export interface LocalAzureOptions {
  /** Port of the localhost form for browsers; 0 chooses a free one. */
  readonly port: number;
  readonly tenant?: Tenant;
  /** Folder that keeps this Azure over a restart; without it, all state goes with the process. */
  readonly data?: string;
  /** Pages below `/` that belong to the local Azure itself. */
  readonly ownPages?: (azure: LocalAzure) => OwnPages;
  /** A line about the local Azure itself. */
  readonly onLog?: (line: string) => void;
  /** A line that a deployed app wrote. */
  readonly onAppLog?: (line: { app: string; text: string }) => void;
  /** Port of the deployer's proxy, so that a restart changes none of its environment's lines; a free one without it. */
  readonly proxyPort?: number;
  /** Hosts of this machine that answer for real names, for a backend of one's own. */
  readonly lent?: readonly LentHost[];
  /** How late each answer comes, so that an `up` takes as long as in real life; at once without it. */
  readonly latency?: Latencies;
}

/** A running local Azure. */
export interface LocalAzure extends Azure {
  /** `http://localhost:<port>`, where a browser reaches every host by path. */
  readonly browserOrigin: string;
  readonly hosts: HostTable;
  readonly resourceTypes: readonly ResourceType[];
  /** Faults that a person has switched on; none at start. */
  readonly faults: Faults;
  /** Points in which nothing proves how Azure is; all off at start. */
  readonly switches: Switches;
  /** By tier, what the subscription may have in a region; empty at start: unlimited. */
  readonly appServiceQuota: Quota;
  /** Teams, which has no window here: who starts this Azure writes as its users. */
  readonly teams: Teams;
  /** GitHub's repositories and environments, and jobs that are started in them. */
  readonly gitHub: GitHub;
  /** What Entra and Graph keep: applications, service principals, consent. */
  readonly entra: DirectoryStore;
  /** Moves the clock, and with it that of the deployed apps, which are started again for it. */
  moveClock(milliseconds: number): Promise<void>;
  /** True where an earlier run's state was put back from the data folder. */
  readonly restored: boolean;
  /**
   * Notes all that the services keep at this moment. What it gives puts that back, whatever was written meanwhile; deployed
   * content and running apps stay as they are then, as over a restart.
   */
  checkpoint(): Promise<() => Promise<void>>;
  /** Writes the data folder now; without one, nothing. It is also written soon after every change, and at the end. */
  save(): Promise<void>;
  /**
   * What a client of any language needs to deploy into this Azure: proxy, CA file, and the deployer's sign-in as ARM_* and
   * AZURE_*.
   */
  deployerEnvironment(): Promise<Record<string, string>>;
  /** The same with what tools need that a person types: az, curl. */
  toolEnvironment(): Promise<Record<string, string>>;
  /** Ends every process, listener and file of this Azure. */
  close(): Promise<void>;
}

/**
 * Starts a local Azure on loopback: all services, one CONNECT proxy for each kind of caller, the localhost form for
 * browsers. State lives in memory; with a data folder it comes from there and is written there.
 * @throws PortTaken, DataFolderError
 */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
  const onLog = options.onLog ?? (() => undefined);
  const log = (line: string): void => onLog(redactText(line));
  const data = options.data === undefined ? undefined : await DataFolder.open(options.data, log);
  const clock = new Clock();
  const trace = new Trace();
  const tenant = options.tenant ?? (data?.part("tenant") as Tenant | undefined) ?? newTenant();
  noteSecret(tenant.deployer.clientSecret);
  const authority = await CertificateAuthority.create();
  const proxies = new Map<string, Promise<Proxy>>();
  const services: Service[] = [];
  const hosts = new HostTable(services);
  const faults = new Faults();
  const oauthClients = new OAuthClients();
  const dispatch = new Dispatch(hosts, clock, trace, log, faults, options.latency);
  const folder = data?.path ?? (await mkdtemp(join(tmpdir(), "local-azure-")));
  const caFile = join(folder, caName);
  await writeWhole(caFile, authority.pem, 0o600);

  const environmentFor = async (caller: string): Promise<Record<string, string>> => {
    const port = caller === "deployer" ? options.proxyPort : undefined;
    const known = proxies.get(caller) ?? openProxy(caller, hosts, authority, dispatch, log, port);
    proxies.set(caller, known);
    return {
      HTTPS_PROXY: (await known).url,
      NO_PROXY: "localhost,127.0.0.1",
      NODE_USE_ENV_PROXY: "1",
      NODE_EXTRA_CA_CERTS: caFile,
    };
  };

  const parts = (): Kept[] => [
    ...keptOf(tenant, clock),
    oauthClients.kept,
    ...services.flatMap((service) => service.kept ?? []),
  ];

  let door: BrowserDoor | undefined;
  const azure: Omit<LocalAzure, "teams" | "gitHub" | "entra" | "directory" | "resources" | "roles" | "vaults"> = {
    clock,
    trace,
    tenant,
    hosts,
    faults,
    switches: noSwitches(),
    appServiceQuota: new Map(),
    moveClock: async (milliseconds) => {
      clock.advance(milliseconds);
      await Promise.all(services.map((service) => service.clockMoved?.()));
    },
    log,
    restored: data?.restored ?? false,
    save: async () => data?.save(),
    checkpoint: () => checkpointOf(parts()),
    environmentFor,
    oauthClients,
    serves: (host) => hosts.find(host) !== undefined,
    call: (caller, url, init) => dispatch.answer(new Request(url, init), caller),
    get browserOrigin() {
      return `http://localhost:${door?.form.port}`;
    },
    get resourceTypes() {
      return services.flatMap((service) => service.resourceTypes ?? []);
    },
    deployerEnvironment: async () => ({
      ...(await environmentFor("deployer")),
      ...(await trustForEveryone(folder, authority.pem)),
      ...deployerSignIn(tenant),
    }),
    toolEnvironment: async () => {
      const deployer = await whole.deployerEnvironment();
      return {
        ...deployer,
        ...forTools(deployer, folder),
        ...(await forJava(deployer, folder, authority.pem)),
        // Addresses that a command prints open in a browser that has no proxy.
        BOT_SIGN_IN_PAGES: whole.browserOrigin,
      };
    },
    close: async () => {
      await door?.close();
      await Promise.all(services.map((service) => service.close?.()));
      for (const name of [caName, bundleName, trustStoreName]) await rm(join(folder, name), { force: true });
      await data?.close();
      for (const proxy of proxies.values()) await (await proxy).close();
      if (!data) await rm(folder, { recursive: true, force: true });
    },
  };
  // Services read these when they handle a request, never while they are made: each is made by one of them.
  const whole = azure as LocalAzure;
  const entra = createEntra(whole, () => whole.browserOrigin);
  const arm = createArm(whole, () => azure.resourceTypes);
  const keyVault = createKeyVault(whole);
  const botService = createBotService(whole);
  const { gitHub, services: ofGitHub } = createGitHub(whole);
  const logAnalytics = createLogAnalytics(whole);
  Object.assign(azure, {
    directory: entra.directory,
    entra: entra.directory,
    resources: arm.resources,
    roles: arm.roles,
    vaults: keyVault.vaults,
    teams: botService.teams,
    gitHub,
  });
  services.push(
    entra.service,
    createGraph(whole, entra.directory),
    createPortalConsent(whole, entra.directory),
    arm.service,
    ...botService.services,
    keyVault,
    createStorage(whole),
    logAnalytics.service,
    ...ofGitHub,
    ...createCompany(whole),
    createAppService(whole, {
      onLog: ({ app, text }) => options.onAppLog?.({ app, text: redactText(text) }),
      collect: (...line) => logAnalytics.console.add(...line),
      ...(data && { contentFolder: join(data.path, "sites") }),
    }),
  );
  try {
    services.unshift(...lentHosts(options.lent ?? [], (name) => hosts.find(name) !== undefined));
    await data?.attach(parts());
    door = await openBrowserDoor(options.port, hosts, dispatch, options.ownPages?.(whole) ?? (() => undefined));
  } catch (error) {
    await azure.close();
    throw error;
  }
  if (data?.restored) for (const service of services) service.restored?.();
  // Whatever changes does so by a request, sign-ins by GET included.
  if (data) trace.subscribe(() => data.changed());
  return whole;
}

/** What is kept besides the services' own. */
function keptOf(tenant: Tenant, clock: Clock): Kept[] {
  return [
    keptSecrets,
    { name: "tenant", snapshot: () => tenant, restore: () => undefined },
    {
      name: "clock",
      snapshot: () => clock.ahead,
      restore: (ahead) => clock.advance(Number(ahead) - clock.ahead),
    },
  ];
}

/** The deployer's sign-in under the names that Pulumi's providers (ARM_*) and Azure's SDK clients (AZURE_*) read. */
function deployerSignIn(tenant: Tenant): Record<string, string> {
  const { clientId, clientSecret } = tenant.deployer;
  return {
    ARM_TENANT_ID: tenant.tenantId,
    ARM_SUBSCRIPTION_ID: tenant.subscriptionId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    AZURE_TENANT_ID: tenant.tenantId,
    AZURE_SUBSCRIPTION_ID: tenant.subscriptionId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
  };
}
