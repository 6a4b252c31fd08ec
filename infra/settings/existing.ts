import { type Problem, shownAs } from "./settings-error";
import type { BotIdentityKind } from "./environment";
import {
  type Existing,
  type ExistingById,
  existingKinds,
  type ExistingKind,
  idTypes,
  partsOf,
} from "../deployment/existing";
import { problemsOfFields, type SettingFields, type WrongField } from "./fields";
import { guid } from "./value-types";
import { isAddress } from "../connections/written-connection";

/** What is there already, as a stack file says it. */
export type ExistingSettings = { readonly [Kind in ExistingKind]?: string };

/** The Azure CLI's command that tells the id of a thing by its name. */
const idOf: Readonly<Record<ExistingById, string>> = {
  vault: "az keyvault show --name <name> --query id --output tsv",
  plan: "az appservice plan show --resource-group <group> --name <name> --query id --output tsv",
  botIdentity: "az identity show --resource-group <group> --name <name> --query id --output tsv",
  workspace: "az monitor log-analytics workspace show --resource-group <group> --name <name> --query id --output tsv",
};

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
const groupName = /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u;

/**
 * Reads `existing`, from a stack file or from the component's arguments.
 * @param value as it was given; a value of a resource's output is left out, because it is not known yet
 * @param encrypted whether Pulumi keeps the setting encrypted; then no value of it is shown
 */
export function readExisting(
  value: unknown,
  encrypted: boolean,
): { existing: ExistingSettings | undefined; problems: Problem[] } {
  if (value === undefined) return { existing: undefined, problems: [] };
  const problems = problemsOfFields(fields, value, encrypted);
  return { existing: problems.length > 0 ? undefined : (value as ExistingSettings), problems };
}

const examples = {
  resourceGroup: "shared",
  signInApp: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
  botApp: "7d1f3c0e-5a52-4a43-9d0a-3f1a4b0c2e11",
  endpoint: "https://bot.contoso.com/api/messages",
} as const satisfies Partial<Record<ExistingKind, string>>;

const fields: SettingFields<ExistingKind> = {
  setting: "existing",
  example: exampleOf("resourceGroup"),
  names: existingKinds,
  exampleOf,
  wrongFor,
};

function wrongFor(kind: ExistingKind, given: unknown): WrongField | undefined {
  const text = typeof given === "string" ? given : "";
  switch (kind) {
    case "resourceGroup": {
      if (groupName.test(text)) return undefined;
      const name = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(text)?.[1];
      const hint = name === undefined ? {} : { hint: `Did you mean ${name}?` };
      return { allowed: "the name of a resource group of the same subscription, 1 to 90 characters", ...hint };
    }
    case "endpoint": {
      if (isAddress(text)) return undefined;
      const hint = text.startsWith("http:") ? { hint: "Bot Service delivers to https only." } : {};
      return { allowed: "the https address at which the bot takes activities, without query", ...hint };
    }
    case "signInApp":
    case "botApp": {
      if (guid.read(text) !== undefined) return undefined;
      const hint = { hint: "That is an application's object id; its client id is shown as appId." };
      return {
        allowed: "the client id of an application, a GUID",
        ...(text.startsWith("/applications/") ? hint : {}),
      };
    }
    default:
      return wrongId(kind, text);
  }
}

function wrongId(kind: ExistingById, text: string): WrongField | undefined {
  try {
    partsOf(kind, text);
    return undefined;
  } catch {
    const seen = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+\/[^/]+)\//i.exec(text)?.[1];
    const other = seen !== undefined && seen.toLowerCase() !== idTypes[kind].toLowerCase();
    const hint = other ? `That is the id of a ${seen}.` : `It is told by ${idOf[kind]}`;
    return { allowed: `the ARM id of a ${idTypes[kind]}`, hint };
  }
}

function exampleOf(kind: ExistingKind): string {
  const value =
    kind in examples
      ? examples[kind as keyof typeof examples]
      : `/subscriptions/<id>/resourceGroups/<group>/providers/${idTypes[kind as ExistingById]}/<name>`;
  return `existing: { ${kind}: "${value}" }`;
}

/** What of the bot's own can be handed in, by who it is: an application gets passwords, and no certificate. */
const ownOf: Readonly<Record<BotIdentityKind, readonly ("botApp" | "botIdentity")[]>> = {
  secret: ["botApp"],
  certificate: [],
  managed: ["botIdentity"],
};

/** An application goes with a bot that has a password, a managed identity with one that has none. */
export function besideBotIdentity(existing: Existing | undefined, identity: BotIdentityKind): Problem[] {
  const wrong = (["botApp", "botIdentity"] as const).filter(
    (kind) => existing?.[kind] !== undefined && !ownOf[identity].includes(kind),
  );
  return wrong.map((kind) => ({
    code: "contradiction",
    setting: `existing.${kind}`,
    seen: shownAs(existing![kind], false),
    allowed: `nothing beside identity: ${identity}`,
    example: `identity: ${kind === "botApp" ? "secret" : "managed"}`,
  }));
}

/**
 * What a handed-in sign-in app would have to be changed for: single sign-on needs a scope, an address and clients of its own,
 * and consent is its owner's to give.
 */
export function besideSignInApp(
  existing: Existing | undefined,
  { singleSignOn, adminConsent }: { readonly singleSignOn: boolean; readonly adminConsent: boolean },
): Problem[] {
  if (existing?.signInApp === undefined) return [];
  const asked = Object.entries({ singleSignOn, adminConsent }).filter(([, on]) => on);
  return asked.map(([setting]) => ({
    code: "wrong-value",
    setting,
    seen: "true",
    allowed: "false beside existing.signInApp",
    example: `${setting}: false`,
    hint: "The sign-in app of others would have to be changed for it, and is never changed.",
  }));
}
