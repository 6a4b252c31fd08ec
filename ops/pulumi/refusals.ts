import { isPreviewStack, pullRequestOf } from "../../infra/settings/environment";
import { loginProblem, refusedLogin } from "../cli/login-problem";
import { OpsError, type OpsErrorCode } from "../cli/ops-error";
import { isLocked, locksIn, StackLocked } from "./lock";

/** A command of Pulumi's CLI that did not succeed. */
export interface PulumiFailure {
  /** Empty where it is about no one stack. */
  readonly stack: string;
  /** `stack export` */
  readonly command: string;
  /** What the CLI said; undefined where there is no CLI. */
  readonly said?: string;
}

/** A refusal of Pulumi's CLI or of Azure that a person can do something about, known by its words. */
interface Refusal {
  readonly code: OpsErrorCode;
  readonly says: RegExp;
  /** Cause and fix, from the stack's name and what the pattern caught. */
  readonly means: (stack: string, ...caught: string[]) => readonly [cause: string, fix: string];
}

/** A place in Blob Storage, as the CLI names it: https://pulumi.com/docs/iac/concepts/state-and-backends/#azure-blob-storage */
const blob = String.raw`https:\/\/([\w-]+)\.blob\.core\.windows\.net\/([\w-]+)[\s\S]*?`;

/**
 * All of them; the first that fits is taken. Pulumi's own words are those of its CLI 3.259, Azure's are the same in every
 * client. The first four are of the place of a state that a team shares (docs/runbook.md).
 */
const refusals: readonly Refusal[] = [
  {
    code: "right-missing",
    says: new RegExp(`${blob}AuthorizationPermissionMismatch`),
    means: (_stack, account, container) => [
      `Whoever is signed in may not work with Pulumi's state in the container ${container} of ${account}`,
      'az role assignment create --assignee <object id> --role "Storage Blob Data Contributor" --scope ' +
        `"$(az storage account show --name ${account} --query id --output tsv)/blobServices/default/containers/${container}"`,
    ],
  },
  {
    code: "backend-missing",
    says: new RegExp(`${blob}(?:ContainerNotFound|ResourceNotFound)|unable to open[\\s\\S]*?no such host`),
    means: (_stack, account, container) =>
      account
        ? [
            `There is no container ${container} for Pulumi's state in the storage account ${account}`,
            `az storage container create --account-name ${account} --name ${container} --auth-mode login, or correct PULUMI_BACKEND_URL`,
          ]
        : ["The storage account of Pulumi's state does not exist", "correct PULUMI_BACKEND_URL"],
  },
  {
    code: "right-missing",
    says: /https:\/\/([\w-]+)\.vault\.azure\.net\/keys\/([\w-]+)[\s\S]*?(?:ForbiddenByRbac|Caller is not authorized)/,
    means: (_stack, vault, key) => [
      `Whoever is signed in may not use the key ${key} of the vault ${vault}, which opens the secrets of the state`,
      'az role assignment create --assignee <object id> --role "Key Vault Crypto User" --scope ' +
        `"$(az keyvault show --name ${vault} --query id --output tsv)/keys/${key}"`,
    ],
  },
  {
    code: "backend-missing",
    says: /https:\/\/([\w-]+)\.vault\.azure\.net\/keys\/([\w-]+)[\s\S]*?KeyNotFound/,
    means: (_stack, vault, key) => [
      `There is no key ${key} in the vault ${vault}, with which the secrets of the state are encrypted`,
      `az keyvault key recover --vault-name ${vault} --name ${key}, if it was deleted`,
    ],
  },
  {
    code: "backend-missing",
    says: /PULUMI_ACCESS_TOKEN must be set|(?:invalid|expired) access token|\[401\] Unauthorized|not logged in|unable to (?:open|check) (?:state directory|bucket) "([^"]*)"/,
    means: (_stack, address) =>
      address
        ? [`Pulumi's state at ${address} cannot be reached`, "correct PULUMI_BACKEND_URL, or pulumi login <address>"]
        : [
            "Nobody is signed in to Pulumi's state, or the login has ended",
            'export PULUMI_BACKEND_URL="<address>", or pulumi login <address>',
          ],
  },
  {
    code: "stack-unknown",
    says: /no stack named|stack '[^']*' not found|could not find stack/i,
    means: (stack) => [`There is no stack ${stack} in this state`, "pulumi stack ls shows those that there are"],
  },
  {
    code: "project-missing",
    says: /no Pulumi\.yaml project file found/,
    means: () => ["Here is no Pulumi project", "run this in the folder of Pulumi.yaml"],
  },
  {
    code: "passphrase-wrong",
    says: /incorrect passphrase/,
    means: (stack) => [
      `The passphrase is not the one of the stack ${stack}`,
      "set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the one with which the stack was made",
    ],
  },
  {
    code: "passphrase-missing",
    says: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/,
    means: (stack) => [
      `The passphrase that opens the secrets of the stack ${stack} is not set`,
      "read -rs PULUMI_CONFIG_PASSPHRASE && export PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it",
    ],
  },
  {
    code: "pulumi-cli-missing",
    says: /pulumi ENOENT|pulumi: failed to start|pulumi: .*(?:not installed|download)|Pulumi CLI version/,
    means: () => ["Pulumi's CLI is not on PATH, or is another version", "npm install"],
  },
  {
    code: "vault-name-taken",
    says: /A vault with the same name already exists in deleted state/,
    means: (stack) => [
      `The vault name that ${stack} wants is in Key Vault's recycle bin, from an earlier life`,
      "az keyvault list-deleted shows whose it was by its tags; az keyvault purge --name <name> lets go of it",
    ],
  },
  {
    code: "group-taken",
    says: /cannot create already existing resource '[^']*\/resourceGroups\/([^/']+)'/i,
    means: (stack, group) => [
      `There is a resource group ${group} already that the state of ${stack} does not know`,
      `If az group show --name ${group} shows the tag stack=${stack}: ${takingDown(stack)}. Else it is somebody else's: ask, or delete it.`,
    ],
  },
  {
    code: "not-registered",
    says: /MissingSubscriptionRegistration[\s\S]*?namespace '([^']+)'|not registered to use namespace '([^']+)'/,
    means: (_stack, namespace = "") => [
      `The subscription has ${namespace} not registered`,
      `az provider register --namespace ${namespace} --wait`,
    ],
  },
  {
    code: "right-missing",
    says: /object id '([^']+)' does not have authorization to perform action '([^']+)' over scope '[^']+'/,
    means: (stack, who, action) => [
      `Whoever is signed in (${who}) may not ${action}`,
      `npm run preflight -- ${stack} lists each missing right and the command that gives it`,
    ],
  },
  {
    code: "right-missing",
    says: /Authorization_RequestDenied|Insufficient privileges to complete the operation/,
    means: (stack) => [
      "Whoever is signed in may not read or manage applications in Entra",
      `npm run preflight -- ${stack} names the permission and the command that gives it`,
    ],
  },
  {
    code: "wrong-tenant",
    says: /InvalidAuthenticationTokenTenant|SubscriptionNotFound/,
    means: (stack) => [
      `Whoever is signed in belongs to another tenant than the subscription of the stack ${stack}`,
      "az login --tenant <tenant of the stack>, or set ARM_TENANT_ID and ARM_SUBSCRIPTION_ID",
    ],
  },
];

/** The command that takes down what a stack left. A branch's name cannot be told from its stack's. */
function takingDown(stack: string): string {
  return isPreviewStack(stack)
    ? `npm run preview -- down ${pullRequestOf(stack) ?? "<branch>"}`
    : `npm run recover -- ${stack}`;
}

/**
 * What Pulumi's CLI, the program or Azure said, as the error that a person reads; undefined where nothing is known of it.
 * @param tenantId of the environment, where it names one
 */
export function refusalOf(said: string, stack: string, tenantId = process.env.ARM_TENANT_ID): OpsError | undefined {
  if (isLocked(said)) return new StackLocked(stack, locksIn(said));
  const settings = /^\s*(?:error: )?(Setting \S+ (?:is|has)[\s\S]*?)\s*Nothing was created\./m.exec(said)?.[1];
  if (settings !== undefined) {
    const lines = settings.split("\n").map((line) => line.trim().replace(/\.$/, ""));
    return new OpsError("settings-wrong", lines.join(". "), "Nothing was created.");
  }
  const refused = refusedInputs(said);
  if (refused.length > 0) {
    return new OpsError("settings-wrong", refused.join(". "), "Then run it again: nothing was written before that.");
  }
  for (const { code, says, means } of refusals) {
    const found = says.exec(said);
    if (found) return new OpsError(code, ...means(stack, ...found.slice(1).filter(Boolean)));
  }
  const login = refusedLogin(said);
  return login === undefined ? undefined : loginProblem(login, tenantId);
}

/**
 * Why Pulumi's CLI did not do what was asked: what {@link refusalOf} knows of it, else the CLI's own last words.
 * @param fix what is said of words that nothing is known of
 */
export function pulumiFailure(
  { stack, command, said }: PulumiFailure,
  fix = "Correct that, then run it again.",
  tenantId = process.env.ARM_TENANT_ID,
): OpsError {
  if (said === undefined) return new OpsError("pulumi-cli-missing", "Pulumi's CLI is not on PATH", "npm install");
  const what = `pulumi ${command}${stack ? ` of ${stack}` : ""} failed: ${lastWords(said)}`;
  return refusalOf(said, stack, tenantId) ?? new OpsError("pulumi-failed", what, fix);
}

/** {@link refusalOf}'s `vault-name-taken`, where the state says which name it is. */
export function vaultNameTaken(vault: string): OpsError {
  const cause = `The vault name ${vault} is in Key Vault's recycle bin, from an earlier life`;
  const fix = `az keyvault show-deleted --name ${vault} says whose it was by its tags; if it may go: az keyvault purge --name ${vault}`;
  return new OpsError("vault-name-taken", cause, fix);
}

/** What the program's own resources refused before the first write, each with its fix; Pulumi frames the words. */
function refusedInputs(said: string): string[] {
  const problems = [...said.matchAll(/ resource '[^']+'(?:: property \S+ value \{.*?\})? has a problem: (.+)/g)].map(
    ([, words = ""]) => words,
  );
  return [...new Set(problems.map((words) => words.trim().replace(/\.$/, "")))];
}

/** The errors that were said, without what frames them and without call stacks, in at most 600 characters. */
function lastWords(said: string): string {
  const lines = said.split("\n").filter((line) => !/^\s+at /.test(line));
  const first = lines.findIndex((line) => /^\s*error: /.test(line));
  const errors = (first < 0 ? lines.slice(-5) : lines.slice(first))
    .join("\n")
    .split(/^\s*error: /m)
    .map((words) => words.replace(/\s+/g, " ").trim().replace(/\.$/, ""))
    .filter((words) => words !== "" && !/^(update|destroy|preview) failed$/.test(words));
  const words = [...new Set(errors)].join("; ");
  return words.length > 600 ? `${words.slice(0, 600)}...` : words;
}
