import type { EngineEvent } from "@pulumi/pulumi/automation";
import { plainType } from "../../../infra/facts/azure-native";
import type { Deployment } from "../../../infra/deployment/tags";
import { globalName, namedAfter } from "../../../infra/facts/names";
import { deployerCredential } from "../../../infra/azure/deployer-credential";
import { pageAddress } from "../../../cli/page-address";
import type { State } from "../../pulumi/state";
import { recoverKilledRun } from "./killed-run";
import { OpsError } from "../../cli/ops-error";
import { loginProblem } from "../../cli/login-problem";
import { vaultNameTaken } from "../../pulumi/refusals";
import type { PreviewName } from "../preview-name";
import { PreviewStack, secondsOf } from "../preview-stack";
import type { PreviewProject } from "../project";
import type { Progress } from "../../pulumi/progress";
import { type Ownership, ownershipOf } from "./owner";

export interface UpWishes extends Ownership {
  /** Milliseconds from now until anyone may take the preview down. */
  readonly ttl: number;
}

/** A preview that is up. */
export interface UpReport {
  /** As typed: `42`. */
  readonly name: string;
  readonly stack: string;
  readonly chatAddress: string;
  readonly owner?: string;
  readonly commit?: string;
  readonly expires: string;
  /** How many resources met which fate: `{ create: 46 }`; what stayed as it was is left out. */
  readonly changes: Readonly<Record<string, number>>;
  /** What an earlier, killed run had left and was put right first. */
  readonly recovered: readonly string[];
  /** Whole time of the command. */
  readonly seconds: number;
}

/**
 * Brings a preview up, or to its branch's present state; after a killed run it first puts right what that left. The tags
 * are new each time: the expiry counts from now. Throws an {@link OpsError}.
 */
export async function up(
  project: PreviewProject,
  name: PreviewName,
  wishes: UpWishes,
  progress: Progress,
  signal?: AbortSignal,
): Promise<UpReport> {
  const began = performance.now();
  const [ownership] = await Promise.all([ownershipOf(project, wishes), signedIn(project)]);
  const expires = secondsOf(new Date(project.now().getTime() + wishes.ttl));
  const stack = await PreviewStack.findOrMake(project, name, { expires });
  const recovered = await recoverKilledRun(project, stack, (line) => progress.say(line));
  let changes: UpReport["changes"] = {};
  const look = (event: EngineEvent): void => {
    if (event.summaryEvent) changes = changed(event.summaryEvent.resourceChanges);
    progress.event(event);
  };
  const outputs = await stack.up({ ...ownership, expires }, look, signal).catch(async (error: unknown) => {
    if (!(error instanceof OpsError) || error.code !== "vault-name-taken") throw error;
    const [wanted, ...others] = vaultsWanted({ project: project.project, stack: name.stack }, await stack.state());
    throw wanted === undefined || others.length > 0 ? error : vaultNameTaken(wanted);
  });
  return {
    name: stack.name.title,
    stack: name.stack,
    chatAddress: String(outputs.chatAddress),
    ...ownership,
    expires,
    changes,
    recovered,
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

/** Names of the vaults that a stack's components were about to make: of each the state knows the letters, and no vault. */
export function vaultsWanted({ project, stack }: Deployment, { deployment }: State): string[] {
  const resources = deployment.resources ?? [];
  const made = resources.flatMap(({ type, id }) =>
    plainType(type) === "azure-native:keyvault:Vault" && id ? [id] : [],
  );
  const wanted = resources.flatMap(({ urn, outputs }) => {
    const component = /::([^:]+)-suffix-here$/.exec(urn)?.[1];
    if (component === undefined || typeof outputs?.result !== "string") return [];
    return [globalName("vault", namedAfter(project, component), stack, outputs.result)];
  });
  return wanted.filter((name) => !made.some((id) => id.endsWith(`/vaults/${name}`)));
}

/** Who cannot sign in learns it now, before a stack is made. */
async function signedIn({ environment }: PreviewProject): Promise<void> {
  await deployerCredential(environment)
    .getToken("https://management.azure.com/.default")
    .catch((error: Error) => {
      throw loginProblem(error.message, environment.ARM_TENANT_ID);
    });
}

function changed(all: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(all).filter((one): one is [string, number] => one[0] !== "same" && Boolean(one[1])),
  );
}

/** The report as people read it. */
export function upText({ stack, chatAddress, owner, commit, expires, changes, seconds }: UpReport): string {
  const fates = Object.entries(changes).map(([op, count]) => `${op} ${count}`);
  return [
    `${stack} is up in ${seconds} s (${fates.join(", ") || "nothing to change"}).`,
    `Chat:    ${pageAddress(chatAddress)}`,
    ...(owner ? [`Owner:   ${owner}`] : []),
    ...(commit ? [`Commit:  ${commit}`] : []),
    `Expires: ${expires}`,
  ].join("\n");
}
