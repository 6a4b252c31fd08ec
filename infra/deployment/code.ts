import { healthRoute, messagesRoute } from "../../contract/app-settings";
import type { HealthProof, SdkName } from "../facts/sdks";
import { sdks } from "../facts/sdks";

/** Code that is ready to run, of a bot that follows `contract/app-settings.ts`. */
export interface ReadyCode {
  /** The zip on this machine, as App Service runs it: `index.js` and what it needs. */
  readonly zipPath: string;
  /** Hash of its content, which its health page (`/healthz`) reports as `build.hash`. */
  readonly hash: string;
}

/** A bot of somebody else's making: a folder or a zip on this machine, and what cannot be seen from it. */
export interface BroughtCode {
  /** The bot's folder, ready to run. Relative to the project's. */
  readonly folder?: string;
  /** The same as a zip. */
  readonly zip?: string;
  /** Whose names its settings have; runtime, start and health proof follow. */
  readonly sdk: SdkName;
  /** App Service's runtime: `NODE|22-lts`. */
  readonly runtime?: string;
  /** A command that makes the folder ready, run in it each time: `npm run build`. */
  readonly build?: string;
  /** The command that starts it. Default on Node.js: `node` and the file that package.json names. */
  readonly start?: string;
  /** Where it takes activities. Default: `/api/messages`. */
  readonly messages?: string;
  /** How it is proved that the new code runs. Default: the SDK's. */
  readonly health?: HealthProof;
  /** Whose names its settings have, where the SDK's own would be wrong. */
  readonly dialect?: SdkName;
}

export type CodeArgs = ReadyCode | BroughtCode;

/** Whether code is of somebody else's making. */
export function isBrought(code: CodeArgs | undefined): code is BroughtCode {
  return code !== undefined && "sdk" in code;
}

/** What follows from the code for the web app that runs it. */
export interface CodePlan {
  readonly runtime: string;
  readonly dialect: SdkName;
  readonly health: HealthProof;
  /** Path at which it takes activities. */
  readonly messages: string;
  /** Path that answers 200 when it is well; undefined where it has none. */
  readonly healthPath: string | undefined;
  /** Whether App Service has to install what the code needs: packages of Python fit one machine only. */
  readonly builtThere: boolean;
}

/** What follows from the code; without any it is the bundled bot. */
export function planOf(code: CodeArgs | undefined): CodePlan {
  if (!isBrought(code)) {
    const { runtime, health } = sdks.ours;
    return { runtime, health, dialect: "ours", messages: messagesRoute, healthPath: healthRoute, builtThere: false };
  }
  const { sdk, dialect = sdk, messages = messagesRoute } = code;
  const { runtime, health, language } = sdks[sdk];
  const proof = code.health ?? health;
  return {
    runtime: code.runtime ?? runtime,
    dialect,
    health: proof,
    messages,
    healthPath: proof === "content" ? undefined : healthRoute,
    builtThere: language === "python",
  };
}

/** How it is known that the new code runs, as the log says it. */
export const proofTexts: Readonly<Record<HealthProof, string>> = {
  page: "its own health page reports the code's hash",
  preload: "a health page that is loaded before it reports the code's hash",
  content:
    "the deployment service says so, and the app's folder holds the code's hash; nothing in the running bot itself reports it",
};
