import { minute } from "../../../contract/time";
import type { Kept } from "../../data/folder";
import type { Azure, Resource } from "../service";
import { redactText } from "../../door/redaction";
import { App } from "./app";
import { AppLog } from "./app-log";
import { Deployments, type Deployment } from "./deployments";
import { Guard } from "./guard";
import { HealthCheck } from "./health-check";
import { IdentityEndpoint } from "./identity-endpoint";

export interface AppServiceOptions {
  /** Gets each line that an app writes to stdout or stderr, unchanged. */
  onLog(line: { app: string; text: string }): void;
  /** Gets the same with whose it is, for the site's log workspace. */
  collect?(siteId: string, text: string, isError: boolean): void;
  /** Milliseconds between two health checks; App Service's is a minute. */
  readonly healthCheckInterval?: number;
  /** Keeps the sites' content over a restart; without it, content goes with the local Azure. */
  readonly contentFolder?: string;
}

interface Running {
  readonly app: App;
  readonly log: AppLog;
  readonly deployments: Deployments;
}

/** What runs: an app and its deployments for every site that was ever asked for or written to. */
export class Platform {
  readonly #running = new Map<string, Running>();
  readonly #guard = new Guard();
  readonly #identityEndpoint: IdentityEndpoint;
  readonly #healthCheck: HealthCheck;

  constructor(
    readonly azure: Azure,
    private readonly options: AppServiceOptions,
  ) {
    const apps = (): App[] => [...this.#running.values()].map(({ app }) => app);
    this.#identityEndpoint = new IdentityEndpoint(azure, apps);
    this.#healthCheck = new HealthCheck(azure, apps, options.healthCheckInterval ?? minute);
  }

  /** A site's app and deployments. */
  of(site: Resource): Running {
    const key = site.id.toLowerCase();
    let running = this.#running.get(key);
    if (!running) {
      const log = new AppLog();
      const host = {
        azure: this.azure,
        guard: this.#guard,
        identityEndpoint: () => this.#identityEndpoint.address(),
        onLog: ({ app, text, isError }: { app: string; text: string; isError: boolean }): void => {
          const shown = redactText(text);
          log.add(shown, this.azure.clock.now());
          this.options.collect?.(site.id, shown, isError);
          this.options.onLog({ app, text });
        },
        contentFolder: this.options.contentFolder,
      };
      const app = new App(host, site.id, site.name);
      running = { app, log, deployments: new Deployments(this.azure, app) };
      this.#running.set(key, running);
    }
    return running;
  }

  /** After any write of a site's configuration: a push under way dies, references are read anew, the app restarts. */
  configurationWritten(site: Resource): void {
    const { app, deployments } = this.of(site);
    deployments.abort();
    app.refreshReferences();
    void app.restart();
  }

  /** Stops a site's app and forgets it. */
  async forget(site: Resource): Promise<void> {
    const running = this.#running.get(site.id.toLowerCase());
    this.#running.delete(site.id.toLowerCase());
    running?.deployments.abort();
    await running?.app.remove();
  }

  /** The pushes of every site; their content is kept by the content folder. */
  readonly kept: Kept = {
    name: "code deployments",
    snapshot: () => new Map([...this.#running.values()].map(({ app, deployments }) => [app.siteId, deployments.all])),
    restore: (kept) => {
      for (const [siteId, deployments] of kept as Map<string, Deployment[]>) {
        const site = this.azure.resources.get(siteId);
        if (site) this.of(site).deployments.restore(deployments);
      }
    },
  };

  /** Starts every site that has content, as App Service's machines do after they were down. */
  startAll(): void {
    for (const site of this.azure.resources.list("Microsoft.Web/sites")) void this.of(site).app.restart();
  }

  /** Starts every app again, for example under another time. */
  async restartAll(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ app }) => app.restart()));
  }

  /** Ends every process and timer and removes every file. */
  async close(): Promise<void> {
    this.#healthCheck.close();
    await Promise.all([...this.#running.values()].map(({ app }) => app.close()));
    await this.#identityEndpoint.close();
    await this.#guard.close();
  }
}
