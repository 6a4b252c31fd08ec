import { hour, minute } from "../../../contract/time";
import { get } from "node:http";
import type { Azure } from "../service";
import type { App } from "./app";
import { webConfigOf } from "./site";

/** A single instance that stays unhealthy is replaced after this many milliseconds only. */
const replacementAfter = hour;
/** An answer must come within this many milliseconds. */
const answerLimit = minute;

/**
 * App Service's health check: one GET a minute of the site's `healthCheckPath`; well is a 2xx answer. It says in the
 * log when an app becomes unwell and well again. With a single instance there is nowhere to send requests instead, so
 * the app goes on answering, and is replaced only after an hour.
 * https://learn.microsoft.com/azure/app-service/monitor-instances-health-check
 */
export class HealthCheck {
  readonly #timer: NodeJS.Timeout;
  /** By site id: since when it is unwell, by the local Azure's clock. */
  readonly #unwell = new Map<string, number>();

  /** @param interval milliseconds between two checks */
  constructor(
    private readonly azure: Azure,
    private readonly apps: () => Iterable<App>,
    interval: number,
  ) {
    this.#timer = setInterval(() => void this.#checkAll(), interval);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #checkAll(): Promise<void> {
    await Promise.all([...this.apps()].map((app) => this.#check(app)));
  }

  async #check(app: App): Promise<void> {
    void app.keepToThisMachine();
    const { site, current } = app;
    const path = site && webConfigOf(this.azure, site).healthCheckPath;
    if (!path || !current) return;
    const status = await statusOf(current.port, path);
    if (app.current !== current) return;
    const now = this.azure.clock.now().getTime();
    if (status >= 200 && status < 300) {
      if (this.#unwell.delete(app.siteId)) this.azure.log(`App Service: ${app.name} is healthy again`);
      return;
    }
    const since = this.#unwell.get(app.siteId);
    if (since === undefined) {
      this.#unwell.set(app.siteId, now);
      const seen = status ? `answered ${status}` : "did not answer";
      this.azure.log(
        `App Service: ${app.name} is unhealthy: ${path} ${seen}. A single instance is replaced only after an hour.`,
      );
    } else if (now - since >= replacementAfter) {
      this.#unwell.delete(app.siteId);
      this.azure.log(`App Service: ${app.name} was unhealthy for an hour and is replaced`);
      await app.restart();
    }
  }
}

function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "user-agent": "HealthCheck/1.0" };
    const request = get({ host: "127.0.0.1", port, path, headers, agent: false, timeout: answerLimit }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(0));
  });
}
