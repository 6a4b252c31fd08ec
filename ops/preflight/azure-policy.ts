import { shellWord } from "../../cli/shell-word";
import type { Access } from "../../infra/azure/access";
import { type Arm, armClient } from "../../infra/azure/arm";
import { isBusy } from "../../infra/azure/call";
import { type HostingSize, tierOf } from "../../infra/facts/hosting-size";
import { isManagementGroups } from "../azure/roles";
import { unlessRefused } from "../azure/unless-refused";
import type { Finding } from "./finding";

const restrictionsVersion = "2022-03-01";
const assignmentsVersion = "2022-06-01";

/** What a deployment would make, as Azure Policy sees it, and what people call it. */
export interface Planned {
  readonly noun: string;
  readonly apiVersion: string;
  readonly content: Readonly<Record<string, unknown>> & { readonly type: string };
}

/** An assignment of a policy that denies something planned. */
export interface Denied {
  readonly assignmentId: string;
  /** Its name, and what its maker wrote for whoever meets it. */
  readonly name: string;
  readonly reason: string;
  /** The nouns that it denies. */
  readonly nouns: readonly string[];
  /** Its parameters' values. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What Azure Policy says of a deployment. */
export interface PolicyAnswer {
  readonly denied: readonly Denied[];
  /** Names of assignments of management groups: Azure evaluates those at the write alone. */
  readonly fromAbove: readonly string[];
}

/** What the program makes in a group of its own, as far as policies are usually about it. */
export function plannedBy(stack: {
  readonly location: string;
  readonly hostingSize: HostingSize;
  readonly tags: Readonly<Record<string, string>>;
}): Planned[] {
  const { location, hostingSize, tags } = stack;
  const planned = (noun: string, type: string, apiVersion: string, more: object = {}): Planned => ({
    noun,
    apiVersion,
    content: { type, location, tags, ...more },
  });
  return [
    planned("resource group", "Microsoft.Resources/resourceGroups", "2024-03-01"),
    planned("vault", "Microsoft.KeyVault/vaults", "2026-02-01", {
      properties: {
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        publicNetworkAccess: "enabled",
        networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
      },
    }),
    planned("storage account", "Microsoft.Storage/storageAccounts", "2024-01-01", {
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: {
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      },
    }),
    planned("App Service plan", "Microsoft.Web/serverfarms", "2025-05-01", {
      kind: "linux",
      sku: { name: hostingSize, tier: tierOf(hostingSize) },
      properties: { reserved: true },
    }),
    planned("web app", "Microsoft.Web/sites", "2025-05-01", {
      kind: "app,linux",
      properties: { httpsOnly: true, publicNetworkAccess: "Enabled", siteConfig: { minTlsVersion: "1.2" } },
    }),
    planned("log workspace", "Microsoft.OperationalInsights/workspaces", "2023-09-01"),
    planned("managed identity", "Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31"),
    planned("bot", "Microsoft.BotService/botServices", "2023-09-15-preview", { location: "global", kind: "azurebot" }),
  ];
}

interface Restrictions {
  readonly contentEvaluationResult?: {
    readonly policyEvaluations?: readonly {
      readonly evaluationResult?: string;
      readonly policyInfo?: { readonly policyAssignmentId?: string };
      readonly evaluationDetails?: { readonly reason?: string };
      readonly effectDetails?: { readonly policyEffect?: string };
    }[];
  };
}

interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly displayName?: string;
    readonly parameters?: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

/**
 * Asks Azure Policy what it would deny; undefined where the deployer may not ask.
 * https://learn.microsoft.com/rest/api/policy/policy-restrictions/check-at-subscription-scope
 */
export function askPolicy(
  access: Access,
  subscriptionId: string,
  planned: readonly Planned[],
): Promise<PolicyAnswer | undefined> {
  const answer = policyAnswer(armClient(access), `/subscriptions/${subscriptionId}`, planned);
  return unlessRefused(answer, (status) => !isBusy({ status }));
}

async function policyAnswer(arm: Arm, subscription: string, planned: readonly Planned[]): Promise<PolicyAnswer> {
  const [assignments, answers] = await Promise.all([
    arm.list<Assignment>(`${subscription}/providers/Microsoft.Authorization/policyAssignments`, assignmentsVersion),
    Promise.all(planned.map((one) => restrictionsOf(arm, subscription, one))),
  ]);
  const denied = new Map<string, Denied>();
  for (const { noun, assignmentId, reason } of answers.flat()) {
    const assignment = assignments.find(({ id }) => id.toLowerCase() === assignmentId.toLowerCase());
    const before = denied.get(assignmentId);
    denied.set(assignmentId, {
      assignmentId,
      reason,
      name: assignment?.properties.displayName ?? assignmentId.split("/").at(-1) ?? assignmentId,
      nouns: [...(before?.nouns ?? []), noun],
      parameters: Object.fromEntries(
        Object.entries(assignment?.properties.parameters ?? {}).map(([name, { value }]) => [name, value]),
      ),
    });
  }
  const fromAbove = assignments
    .filter(({ id }) => isManagementGroups(id))
    .map(({ name, properties }) => properties.displayName ?? name);
  return { denied: [...denied.values()], fromAbove };
}

async function restrictionsOf(
  arm: Arm,
  subscription: string,
  { noun, apiVersion, content }: Planned,
): Promise<{ noun: string; assignmentId: string; reason: string }[]> {
  const id = `${subscription}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
  const question = { resourceDetails: { resourceContent: content, apiVersion } };
  const members = ["contentEvaluationResult", "fieldRestrictions"];
  const { contentEvaluationResult } = await arm.ask<Restrictions>(id, restrictionsVersion, question, members);
  return (contentEvaluationResult?.policyEvaluations ?? []).flatMap((one) => {
    const { evaluationResult, policyInfo, evaluationDetails, effectDetails } = one;
    const denies =
      /^noncompliant$/i.test(evaluationResult ?? "") && /^deny$/i.test(effectDetails?.policyEffect ?? "deny");
    const assignmentId = policyInfo?.policyAssignmentId;
    return denies && assignmentId ? [{ noun, assignmentId, reason: evaluationDetails?.reason ?? "" }] : [];
  });
}

function shown(assignmentId: string): string {
  const [scope = "", name = ""] = assignmentId.split(/\/providers\/Microsoft\.Authorization\/policyAssignments\//i);
  return `az policy assignment show --name ${shellWord(name)} --scope ${shellWord(scope)}`;
}

/** Whether a policy denies something of the stack, each with the setting that fits. Pure. */
export function judgePolicy(answer: PolicyAnswer | undefined, location: string, stack: string): Finding[] {
  const what = "Azure Policy: nothing that the deployment makes is denied";
  if (answer === undefined) {
    const because = "you may not ask it: Microsoft.PolicyInsights/checkPolicyRestrictions/read";
    return [{ what, state: "unsure", because }];
  }
  const found = answer.denied.map(({ name, nouns, reason, assignmentId, parameters }): Finding => ({
    what,
    state: "missing",
    because: `${JSON.stringify(name)} denies the ${nouns.join(", the ")}${reason ? `: ${reason}` : ""}`,
    fix: [fitting(parameters, location, stack), `what it wants: ${shown(assignmentId)}`].filter(Boolean).join("; "),
  }));
  if (found.length > 0) return found;
  const { fromAbove } = answer;
  if (fromAbove.length === 0) return [{ what, state: "held" }];
  return [
    {
      what,
      state: "unsure",
      because: `the subscription's own deny nothing; not asked, because Azure evaluates them at the write alone, are those of management groups: ${fromAbove.join(", ")}`,
      fix: "az policy assignment list --disable-scope-strict-match --output table lists them with what they want",
    },
  ];
}

/** The setting that fits a policy of regions: a list of them in its parameters that lacks the stack's. */
function fitting(parameters: Readonly<Record<string, unknown>>, location: string, stack: string): string | undefined {
  const lists = Object.entries(parameters).filter(([name]) => /location|region/i.test(name));
  const allowed = lists.flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]).map(String) : []));
  if (allowed.length === 0 || allowed.includes(location)) return undefined;
  return `pulumi config set location ${allowed[0]} --stack ${stack}`;
}
