import { day, minute } from "../../../contract/time";
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { newId, noteSecret } from "../secrets";
import type { Resource } from "../service";
import type { Container, Exit } from "./container";
import { hasContent } from "./content";
import { launch, type Host } from "./launch";
import { applyReferences, resolveReferences, type Reference } from "./references";
import { build } from "./oryx";
import { appSettingsOf, siteProperties, webConfigOf } from "./site";

/** How a start went. `unstarted`: there is no content yet, or the site is stopped. */
export type Start =
  | { readonly result: "started" }
  | { readonly result: "failed"; readonly cause: string }
  | { readonly result: "unstarted" };

/** Versionless references are read again after a day: app-service-key-vault-references#rotation. */
const referenceLifetime = day;
/** An app that ran this many milliseconds before it crashed begins the waiting times anew. */
const steady = minute;

/** One site's running app: its content folder, its containers, and what becomes of both. */
export class App {
  /** Opens the managed-identity endpoint to this app alone: nobody but its process knows it. */
  readonly identityHeader = noteSecret(newId(16, "hex").toUpperCase());
  readonly #instanceId = newId(32, "hex");
  readonly #folder: string;
  /** Every container that has not ended. */
  readonly #containers = new Set<Container>();
  readonly #changes = new EventEmitter();
  #current?: Container;
  /** Number of the newest start; an older one under way gives up when it sees it. */
  #number = 0;
  /** The start under way. */
  #start?: Promise<Start>;
  /** The newest start's outcome, for those that it replaced. */
  #outcome: Promise<Start> = unstarted;
  /** The last start failed; until one succeeds, requests are refused at once. */
  #failed = false;
  /** Starts and crashes in a row; decides how long to wait for the next start. */
  #setbacks = 0;
  #retry?: NodeJS.Timeout;
  #references?: { readonly at: number; readonly byName: ReadonlyMap<string, Reference> };
  #closed = false;

  constructor(
    private readonly host: Host,
    readonly siteId: string,
    readonly name: string,
  ) {
    // Asked for always, because it is the guard that ends what a killed local Azure leaves running.
    const temporary = host.guard.folder;
    // Two sites of one name can exist in two groups where their host names carry a hash.
    const hash = createHash("sha256").update(siteId.toLowerCase()).digest("hex").slice(0, 8);
    this.#folder = join(host.contentFolder ?? temporary, `${name.toLowerCase()}-${hash}`);
    this.#changes.setMaxListeners(0);
    mkdirSync(this.content, { recursive: true });
  }

  /** `/home/site/wwwroot` of the container. */
  get content(): string {
    return join(this.#folder, "home", "site", "wwwroot");
  }

  get site(): Resource | undefined {
    return this.host.azure.resources.get(this.siteId);
  }

  /** The container that answers now. */
  get current(): Container | undefined {
    return this.#current;
  }

  /** True while a start is under way of which nobody knows yet how it ends. */
  get starting(): boolean {
    return !this.#failed && this.#start !== undefined;
  }

  /** Builds the content where the site's settings ask for it. Throws an `Error` where that fails. */
  async build(signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
    const { azure } = this.host;
    const site = this.site;
    if (!site) return;
    const runtime = webConfigOf(azure, site).linuxFxVersion ?? "";
    const settings = appSettingsOf(azure, site);
    await build({ runtime, settings, folder: this.#folder, content: this.content, signal, onLine });
  }

  hasContent(): Promise<boolean> {
    return hasContent(this.content);
  }

  /** The Key Vault references of the app settings, as they were last read. */
  references(): ReadonlyMap<string, Reference> {
    const now = this.host.azure.clock.now().getTime();
    if (!this.#references || now - this.#references.at >= referenceLifetime) this.#readReferences(now);
    return this.#references!.byName;
  }

  /** Reads all references anew. Gives true where a value differs from before. */
  refreshReferences(): boolean {
    const before = this.#references?.byName;
    const after = this.#readReferences(this.host.azure.clock.now().getTime());
    return [...after].some(([name, { value }]) => before?.get(name)?.value !== value);
  }

  /**
   * Starts the app's content in a new container and, when that answers, takes the old one away: requests are answered
   * meanwhile. A restart during another one replaces it; both then give the newer one's outcome.
   */
  restart(): Promise<Start> {
    if (this.#closed) return unstarted;
    this.#calm();
    for (const container of this.#containers) if (container !== this.#current) void container.stop(0);
    return this.#begin();
  }

  /** Stops the app until the next {@link restart}. */
  async stop(): Promise<void> {
    this.#number++;
    this.#calm();
    this.#start = this.#current = undefined;
    this.#outcome = unstarted;
    this.#changes.emit("change");
    await Promise.all([...this.#containers].map((container) => container.stop(this.#stopLimit())));
  }

  /** Stops the app for good. Its files stay: they belong to the guard or to the content folder. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  /** Stops the app for good and removes its files. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * The container that answers, after waiting for a start under way.
   * @param limit milliseconds
   * Gives undefined where the app does not start, is stopped, or is not ready in time.
   */
  async whenStarted(limit: number): Promise<Container | undefined> {
    const signal = AbortSignal.timeout(limit);
    while (!this.#current && !this.#failed && (this.#start || this.#retry)) {
      try {
        await once(this.#changes, "change", { signal });
      } catch {
        break;
      }
    }
    return this.#current;
  }

  /** Ends an app that has begun to listen where other machines reach it. */
  async keepToThisMachine(): Promise<void> {
    const container = this.#current;
    const exposed = (await container?.exposed()) ?? [];
    if (exposed.length === 0 || this.#current !== container) return;
    this.host.azure.log(`App Service: ${this.name} is stopped: ${openToOthers(exposed)}`);
    await this.stop();
    this.#failed = true;
  }

  #readReferences(at: number): ReadonlyMap<string, Reference> {
    const { azure } = this.host;
    const site = this.site;
    const byName = site ? resolveReferences(azure, site, appSettingsOf(azure, site)) : new Map<string, Reference>();
    this.#references = { at, byName };
    return byName;
  }

  #calm(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#failed = false;
    this.#setbacks = 0;
  }

  #begin(): Promise<Start> {
    const start = this.#attempt(++this.#number)
      .catch((error: Error): Start => {
        this.#failed = true;
        this.host.azure.log(`App Service: ${this.name} cannot be started: ${error.message}`);
        return { result: "failed", cause: error.message };
      })
      .finally(() => {
        if (this.#start === start) this.#start = undefined;
        this.#changes.emit("change");
      });
    this.#start = this.#outcome = start;
    return start;
  }

  async #attempt(number: number): Promise<Start> {
    const superseded = (): boolean => number !== this.#number;
    const site = this.site;
    if (!site || siteProperties(site).state === "Stopped" || !(await this.hasContent())) return { result: "unstarted" };
    const container = await this.#launch(site, superseded);
    if (!container) return this.#outcome;
    const limit = this.#startLimit();
    const outcome = await container.ready(limit);
    const exposed = outcome === "ready" ? await container.exposed() : [];
    if (superseded()) {
      void container.stop(0);
      return this.#outcome;
    }
    void this.#current?.stop(this.#stopLimit());
    if (outcome === "ready" && exposed.length === 0) {
      this.#failed = false;
      this.#current = container;
      this.#watch(container);
      return { result: "started" };
    }
    this.#current = undefined;
    this.#failed = true;
    void container.stop(this.#stopLimit());
    const cause =
      outcome === "ready"
        ? openToOthers(exposed)
        : outcome === "timeout"
          ? `it did not answer on port ${container.port} within ${limit / 1000} s`
          : `it ended before it answered (${describe(await container.exited)})`;
    if (!superseded()) this.#again(`did not start: ${cause}`);
    return { result: "failed", cause };
  }

  async #launch(site: Resource, superseded: () => boolean): Promise<Container | undefined> {
    const container = await launch(this.host, {
      site,
      superseded,
      folder: this.#folder,
      content: this.content,
      settings: applyReferences(appSettingsOf(this.host.azure, site), this.references()),
      identityHeader: this.identityHeader,
      instanceId: this.#instanceId,
    });
    if (!container) return undefined;
    this.#containers.add(container);
    void container.exited.then(() => this.#containers.delete(container));
    return container;
  }

  /** Starts an app again that ended without being asked to. */
  #watch(container: Container): void {
    const since = Date.now();
    void container.exited.then((exit) => {
      if (this.#current !== container) return;
      this.#current = undefined;
      if (Date.now() - since > steady) this.#setbacks = 0;
      if (!this.#start) this.#again(`ended by itself (${describe(exit)})`);
    });
  }

  /** Tries again after 1, 2, 4, 8, then every 10 seconds. */
  #again(what: string): void {
    const wait = Math.min(10, 2 ** this.#setbacks++);
    this.host.azure.log(`App Service: ${this.name} ${what}; next start in ${wait} s`);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#begin();
    }, wait * 1000);
    this.#changes.emit("change");
  }

  /** A limit that an app setting gives in seconds, as milliseconds. */
  #limit(setting: string, standard: number, most: number): number {
    const site = this.site;
    const seconds = Number(site && appSettingsOf(this.host.azure, site)[setting]);
    return Math.min(seconds > 0 ? seconds : standard, most) * 1000;
  }

  #startLimit = (): number => this.#limit("WEBSITES_CONTAINER_START_TIME_LIMIT", 230, 1800);
  #stopLimit = (): number => this.#limit("WEBSITES_CONTAINER_STOP_TIME_LIMIT", 5, 120);
}

const unstarted: Promise<Start> = Promise.resolve({ result: "unstarted" });

const openToOthers = (addresses: readonly string[]): string =>
  `it listens on ${addresses.join(" and ")}, which other machines in your network reach. Have it listen on 127.0.0.1 only`;

const describe = ({ code, signal }: Exit): string => (signal ? `signal ${signal}` : `exit code ${code}`);
