import { loginProblem } from "../azure/sign-in";
import type { PulumiFailure } from "../pulumi/pulumi-stack";
import { isLocked, type Lock, locksIn } from "../pulumi/lock";
import { refusedLogin, type Saying, understood } from "../pulumi/saying";
import { stateRefusals } from "../pulumi/state-refusals";
import { PreviewError, type PreviewErrorCode } from "./preview-error";

/** Pulumi's own words are those of its CLI 3.259; Azure's are the same in every client. The first that fits is taken. */
const sayings: readonly Saying<PreviewErrorCode>[] = [
  ...stateRefusals<PreviewErrorCode>("RightMissing", "BackendMissing"),
  {
    code: "BackendMissing",
    says: /PULUMI_ACCESS_TOKEN must be set|(?:invalid|expired) access token|\[401\] Unauthorized|unable to open (?:state directory|bucket) "([^"]*)"/,
    means: (_stack, address) =>
      address
        ? [`Pulumi's state at ${address} cannot be reached`, "Correct PULUMI_BACKEND_URL, or pulumi login <address>."]
        : [
            "Nobody is signed in to Pulumi's state, or the login has ended",
            "Set PULUMI_BACKEND_URL, or pulumi login <address>.",
          ],
  },
  {
    code: "PassphraseMissing",
    says: /incorrect passphrase/,
    means: (stack) => [
      `The passphrase is not the one with which ${stack} was made`,
      "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to that one.",
    ],
  },
  {
    code: "PassphraseMissing",
    says: /passphrase must be set|PULUMI_CONFIG_PASSPHRASE/,
    means: (stack) => [
      `The passphrase that opens the secrets of ${stack} is not set`,
      "Set PULUMI_CONFIG_PASSPHRASE, or point PULUMI_CONFIG_PASSPHRASE_FILE at it.",
    ],
  },
  {
    code: "ProjectMissing",
    says: /no Pulumi\.yaml project file found/,
    means: () => ["Here is no Pulumi project", "Run this in the folder of Pulumi.yaml."],
  },
  {
    code: "CliMissing",
    says: /pulumi ENOENT|pulumi: failed to start|pulumi: .*(?:not installed|download)|Pulumi CLI version/,
    means: () => ["Pulumi's CLI is not on PATH, or is another version", "Run this through npm, or npm install."],
  },
  {
    code: "VaultNameTaken",
    says: /A vault with the same name already exists in deleted state/,
    means: (stack) => [
      `The vault name that ${stack} wants is in Key Vault's recycle bin, from an earlier life`,
      "az keyvault list-deleted shows whose it was by its tags; az keyvault purge --name <name> lets go of it.",
    ],
  },
  {
    code: "GroupTaken",
    says: /cannot create already existing resource '[^']*\/resourceGroups\/([^/']+)'/i,
    means: (stack, group) => [
      `There is a resource group ${group} already that the state of ${stack} does not know`,
      `If az group show --name ${group} shows the mark stack=${stack}: npm run preview -- down ${typedFor(stack)}. Else it is somebody else's: ask, or delete it.`,
    ],
  },
  {
    code: "NotRegistered",
    says: /MissingSubscriptionRegistration[\s\S]*?namespace '([^']+)'|not registered to use namespace '([^']+)'/,
    means: (_stack, namespace = "") => [
      `The subscription has ${namespace} not registered`,
      `az provider register --namespace ${namespace} --wait`,
    ],
  },
  {
    code: "RightMissing",
    says: /object id '([^']+)' does not have authorization to perform action '([^']+)' over scope '([^']+)'/,
    means: (stack, who, action) => [
      `Whoever is signed in (${who}) may not ${action}`,
      `npm run preflight -- ${stack} lists each missing right and the command that gives it.`,
    ],
  },
  {
    code: "RightMissing",
    says: /Authorization_RequestDenied|Insufficient privileges to complete the operation/,
    means: (stack) => [
      "Whoever is signed in may not manage applications in Entra",
      `npm run preflight -- ${stack} names the permission and the command that gives it.`,
    ],
  },
  {
    code: "SignInRefused",
    says: /InvalidAuthenticationTokenTenant|SubscriptionNotFound/,
    means: () => [
      "Whoever is signed in belongs to another tenant than the subscription",
      "az login --tenant <tenant>, or set ARM_TENANT_ID and ARM_SUBSCRIPTION_ID.",
    ],
  },
];

/** What a person types for a stack; a branch's name cannot be told from its stack's. */
function typedFor(stack: string): string {
  return /^pr-(\d+)$/.exec(stack)?.[1] ?? "<branch>";
}

/** {@link previewFailure}'s `VaultNameTaken`, where the state says which name it is. */
export function vaultNameTaken(vault: string): PreviewError {
  const cause = `The vault name ${vault} is in Key Vault's recycle bin, from an earlier life`;
  const cure = `az keyvault show-deleted --name ${vault} says whose it was by its tags; if it may go: az keyvault purge --name ${vault}`;
  return new PreviewError("VaultNameTaken", cause, cure);
}

/** Somebody holds the stack; `locks` is empty where the backend does not say who. */
export function lockedError(stack: string, locks: readonly Lock[]): PreviewError {
  // Pulumi's words may reach us twice: from its output, and from the error that the API makes of it.
  const holders = new Set(locks.map(({ user, host, pid, at }) => `${user}@${host} (pid ${pid}) since ${at}`));
  const holder = [...holders].join(", and by ");
  const cure = `Wait for it to end; if it was killed: npm run recover -- ${stack} --yes`;
  return new PreviewError("Locked", `${stack} is held by ${holder || "another update"}`, cure);
}

/** What Pulumi's CLI, the program or Azure said, as the error that a person reads. */
export function previewFailure({ stack, command, said }: PulumiFailure): PreviewError {
  if (said === undefined) {
    return new PreviewError("CliMissing", "Pulumi's CLI is not on PATH", "Run this through npm, or npm install.");
  }
  if (isLocked(said)) return lockedError(stack, locksIn(said));
  const settings = /^\s*(?:error: )?(Setting \S+ (?:is|has)[\s\S]*?)\s*Nothing was created\./m.exec(said)?.[1];
  if (settings !== undefined) {
    const lines = settings.split("\n").map((line) => line.trim().replace(/\.$/, ""));
    return new PreviewError("SettingsWrong", lines.join(". "), "Nothing was created.");
  }
  const refused = refusedInputs(said);
  if (refused.length > 0) {
    return new PreviewError("SettingsWrong", refused.join(". "), "Then run it again: nothing was written before that.");
  }
  const meant = understood(sayings, said, stack);
  if (meant) return new PreviewError(...meant);
  const login = refusedLogin(said);
  if (login !== undefined) return signInRefused(login);
  const cure = `Correct that, then run it again: it goes on where it ended.`;
  return new PreviewError(
    "DeploymentFailed",
    `pulumi ${command}${stack ? ` of ${stack}` : ""} failed: ${lastWords(said)}`,
    cure,
  );
}

/** What the program's own resources refused before the first write, each with its fix; Pulumi frames the words. */
function refusedInputs(said: string): string[] {
  const problems = [...said.matchAll(/ resource '[^']+'(?:: property \S+ value \{.*?\})? has a problem: (.+)/g)].map(
    ([, words = ""]) => words,
  );
  return [...new Set(problems.map((words) => words.trim().replace(/\.$/, "")))];
}

/** A login that has ended, or never was; the cause and the cure follow from Entra's own code. */
export function signInRefused(said: string, tenantId = process.env.ARM_TENANT_ID ?? "<tenant>"): PreviewError {
  const { message, cure } = loginProblem(said, tenantId);
  return new PreviewError("SignInRefused", message.slice(0, message.length - cure.length).replace(/: $/, ""), cure);
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
