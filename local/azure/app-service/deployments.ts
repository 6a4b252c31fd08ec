import { randomUUID } from "node:crypto";
import type { Azure } from "../service";
import type { App } from "./app";
import { synchronise } from "./content";
import { deploymentInProgress } from "./errors";

/** Kudu's numbers for where a deployment stands. */
export const kuduStatus = { pending: 0, building: 1, deploying: 2, failed: 3, success: 4, conflict: 5 } as const;
type KuduStatus = (typeof kuduStatus)[keyof typeof kuduStatus];

/** ARM's words for the same, which go on to the start of the app: `CsmDeploymentStatus` of Microsoft.Web. */
type RuntimeStatus =
  | "BuildRequestReceived"
  | "BuildInProgress"
  | "BuildSuccessful"
  | "BuildFailed"
  | "BuildAborted"
  | "RuntimeStarting"
  | "RuntimeSuccessful"
  | "RuntimeFailed";

/** One push of code, as Kudu's list of deployments shows it. */
export interface Deployment {
  readonly id: string;
  readonly deployer: string;
  readonly receivedAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  status: KuduStatus;
  statusText: string;
  /** The newest one that succeeded is what runs. */
  active: boolean;
  readonly log: { readonly at: Date; readonly text: string }[];
}

export interface Push {
  readonly archive: Buffer;
  /** Removes what the archive does not hold. */
  readonly clean: boolean;
  readonly restart: boolean;
  readonly deployer: string;
}

/** The pushes to one site. One at a time; another one meanwhile is refused. */
export class Deployments {
  readonly #all: Deployment[] = [];
  #running?: { readonly deployment: Deployment; readonly abort: AbortController };

  constructor(
    private readonly azure: Azure,
    private readonly app: App,
  ) {}

  /** Newest first. */
  get all(): readonly Deployment[] {
    return this.#all.toReversed();
  }

  get latest(): Deployment | undefined {
    return this.#all.at(-1);
  }

  get(id: string): Deployment | undefined {
    return this.#all.find((deployment) => deployment.id === id);
  }

  /** Puts back the pushes of an earlier run, newest first; one that was under way then has failed. */
  restore(deployments: readonly Deployment[]): void {
    this.#all.length = 0;
    const unfinished = { status: kuduStatus.failed, statusText: "The deployment was interrupted." };
    for (const deployment of deployments.toReversed()) {
      this.#all.push(deployment.endedAt ? deployment : { ...deployment, ...unfinished });
    }
  }

  /** Refuses while another push is under way. */
  refuseAnother(): void {
    if (this.#running) throw deploymentInProgress();
  }

  /**
   * Begins a push. `done` settles when its files are in place, or it has failed; the app starts after that.
   * Throws Kudu's 409 while another push is under way.
   */
  begin(push: Push): { deployment: Deployment; done: Promise<void> } {
    this.refuseAnother();
    const now = this.azure.clock.now();
    const deployment: Deployment = {
      id: randomUUID(),
      deployer: push.deployer,
      receivedAt: now,
      status: kuduStatus.pending,
      statusText: "",
      active: false,
      log: [],
    };
    this.#all.push(deployment);
    const running = { deployment, abort: new AbortController() };
    this.#running = running;
    this.#report(deployment, "BuildRequestReceived");
    const done = this.#deploy(deployment, push, running.abort.signal).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return { deployment, done };
  }

  /** Ends a push under way: a write of settings restarts the SCM container, and the push dies with it. */
  abort(): void {
    this.#running?.abort.abort(new Error("Deployment was aborted: the SCM container was restarted."));
  }

  async #deploy(deployment: Deployment, push: Push, signal: AbortSignal): Promise<void> {
    const say = (text: string): void => void deployment.log.push({ at: this.azure.clock.now(), text });
    try {
      // A client that asked for async has its 202 before anything happens.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      deployment.startedAt = this.azure.clock.now();
      deployment.status = kuduStatus.deploying;
      this.#report(deployment, "BuildInProgress");
      const change = await synchronise(this.app.content, push.archive, { clean: push.clean, signal });
      say(
        `Copied ${change.copied.length}, left ${change.kept.length} of the same time, removed ${change.removed.length}.`,
      );
      await this.app.build(signal, say);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      say(text);
      Object.assign(deployment, {
        status: kuduStatus.failed,
        statusText: text,
        endedAt: this.azure.clock.now(),
      });
      this.#report(deployment, signal.aborted ? "BuildAborted" : "BuildFailed", text);
      return;
    }
    for (const other of this.#all) other.active = other === deployment;
    Object.assign(deployment, { status: kuduStatus.success, endedAt: this.azure.clock.now() });
    this.#report(deployment, "BuildSuccessful");
    if (!push.restart) return;
    this.#report(deployment, "RuntimeStarting");
    void this.app.restart().then((start) => {
      if (start.result === "failed")
        this.#report(deployment, "RuntimeFailed", `The app did not start: ${start.cause}.`);
      else this.#report(deployment, "RuntimeSuccessful");
    });
  }

  /** Keeps ARM's record of the deployment, `{site}/deploymentStatus/{id}`. */
  #report(deployment: Deployment, status: RuntimeStatus, error?: string): void {
    const site = this.app.site;
    if (!site) return;
    this.azure.resources.set({
      id: `${site.id}/deploymentStatus/${deployment.id}`,
      name: deployment.id,
      type: "Microsoft.Web/sites/deploymentStatus",
      location: site.location,
      properties: {
        deploymentId: deployment.id,
        status,
        numberOfInstancesInProgress: status === "RuntimeStarting" ? 1 : 0,
        numberOfInstancesSuccessful: status === "RuntimeSuccessful" ? 1 : 0,
        numberOfInstancesFailed: status === "RuntimeFailed" ? 1 : 0,
        failedInstancesLogs: null,
        errors: error
          ? [{ extendedCode: null, messageTemplate: null, parameters: null, code: null, message: error }]
          : null,
      },
    });
  }
}
