import { minute } from "../../contract/time";
import { buildFile } from "../../contract/app-settings";
import { type Access, until } from "../azure/access";
import { AzureCallError } from "../azure/azure-call-error";
import { arrived, lookAt, runs } from "./health";
import { scmClient } from "./scm";

/** By what it is known that an app runs a package. */
export interface Evidence {
  /** Looks once. */
  isThere(): Promise<boolean>;
  /**
   * Waits for it.
   * @param state in which the deployment ended
   * @throws AzureCallError with what was seen last
   */
  arrives(state: string): Promise<void>;
}

/** The running app reports the hash itself: on its own health page, or on one that was loaded before it. */
export function healthPage(access: Access, { healthUrl, hash }: { healthUrl: string; hash: string }): Evidence {
  return {
    isThere: async () => runs(await lookAt(access, healthUrl), hash),
    arrives: () => arrived(access, healthUrl, hash),
  };
}

/** A deployment is over before its record is: the service writes that last. */
const recordedWithin = minute;

/**
 * The platform says that what was deployed has started, the deployment service that this is what the app runs, and the
 * app's folder holds the hash. Nothing in the app itself says so.
 * @param host of the deployment service
 */
export function deployedContent(access: Access, host: string, hash: string): Evidence {
  const scm = scmClient(access, host);
  return {
    // The folder is new before the process is.
    isThere: () => Promise.resolve(false),
    async arrives(state) {
      let seen = "nothing";
      const there = await until(access, recordedWithin, async () => {
        const shown = await Promise.all([scm.active(), scm.file(buildFile)]).catch((error: unknown) => {
          if (!(error instanceof AzureCallError)) throw error;
          seen = error.cause;
        });
        if (!shown) return undefined;
        const [active, content] = shown;
        const deployed = hashIn(content);
        seen =
          active === undefined
            ? "no deployment is active"
            : deployed === undefined
              ? `its folder has no ${buildFile}`
              : `its folder holds ${deployed.slice(0, 12)}`;
        return active !== undefined && deployed === hash ? true : undefined;
      });
      if (there && state === "RuntimeSuccessful") return;
      const cause = there
        ? `the new code lies there, and the platform does not say that it has started (${state})`
        : `the deployment service does not show the new code: ${seen}; pushed was ${hash.slice(0, 12)}`;
      const fix = "See the app's log (az webapp log tail), and the deployment's (Deployment Center, Logs).";
      throw new AzureCallError("not-deployed", host, cause, fix);
    },
  };
}

/** The hash that a `build.json` names. */
export function hashIn(content: string | undefined): string | undefined {
  try {
    const { hash } = JSON.parse(content ?? "") as { hash?: unknown };
    return typeof hash === "string" ? hash : undefined;
  } catch {
    return undefined;
  }
}
