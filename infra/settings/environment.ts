import { type ChatPage, chatPageText } from "../deployment/chat-page";
import type { HostingSize } from "../facts/hosting-size";

/** The kinds of environment that this program tells apart. */
export const environments = ["preview", "dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** What differs between environments where the stack file does not say it. Each is a setting of the same name. */
export interface EnvironmentDefaults {
  readonly botSku: "F0" | "S1";
  readonly hostingSize: HostingSize;
  /** Refuses to delete or replace what users would lose. */
  readonly protect: boolean;
  /** Nobody, not even an owner, can empty the vault's recycle bin early. Cannot be switched off again. */
  readonly purgeProtection: boolean;
  /** Days that a deleted vault stays in the recycle bin and blocks its name; fixed once the vault exists. */
  readonly vaultRetentionDays: number;
  readonly logRetentionDays: number;
  readonly chatPage: ChatPage;
  /** Days from a secret's beginning to its end. */
  readonly secretLifetimeDays: number;
  readonly singleSignOn: boolean;
  /**
   * Who the bot is: an application with a password, or with a certificate whose key the vault keeps, or a managed identity, which has
   * nothing that ends. A managed identity is another bot than an application.
   */
  readonly identity: BotIdentityKind;
  /** Whether Entra connections do without a client secret where they do not say so themselves. */
  readonly secretless: boolean;
}

export const botIdentityKinds = ["secret", "certificate", "managed"] as const;
export type BotIdentityKind = (typeof botIdentityKinds)[number];

/**
 * The one table of what differs. preview: a pull request's own, for days, with prod's single sign-on so that a change to
 * it shows. dev: cheap, and gone without a trace. staging: prod's sizes and protection, so that what prod would refuse is
 * refused there first; shorter-lived secrets, so that a renewal is practised there first; a page for its testers; and a vault
 * that can be let go of. prod: paid sizes without the free ones' limits, nothing deletable by mistake, and no page through
 * which the whole internet can talk to the bot.
 * Free bots carry 10,000 messages a month: https://learn.microsoft.com/azure/bot-service/bot-service-resources-faq-azure.
 */
export const environmentDefaults: Readonly<Record<Environment, EnvironmentDefaults>> = {
  preview: {
    botSku: "F0",
    hostingSize: "B1",
    protect: false,
    purgeProtection: false,
    vaultRetentionDays: 7,
    logRetentionDays: 30,
    chatPage: { enabled: true, framedBy: "self", access: "everyone", allowedNetworks: [] },
    secretLifetimeDays: 30,
    singleSignOn: true,
    identity: "secret",
    secretless: false,
  },
  dev: {
    botSku: "F0",
    hostingSize: "B1",
    protect: false,
    purgeProtection: false,
    vaultRetentionDays: 7,
    logRetentionDays: 30,
    chatPage: { enabled: true, framedBy: "self", access: "everyone", allowedNetworks: [] },
    secretLifetimeDays: 180,
    singleSignOn: false,
    identity: "secret",
    secretless: false,
  },
  staging: {
    botSku: "S1",
    hostingSize: "P0v3",
    protect: true,
    purgeProtection: false,
    vaultRetentionDays: 30,
    logRetentionDays: 60,
    chatPage: { enabled: true, framedBy: "self", access: "everyone", allowedNetworks: [] },
    secretLifetimeDays: 90,
    singleSignOn: true,
    identity: "secret",
    secretless: false,
  },
  prod: {
    botSku: "S1",
    hostingSize: "P0v3",
    protect: true,
    purgeProtection: true,
    vaultRetentionDays: 90,
    logRetentionDays: 90,
    chatPage: { enabled: false, framedBy: "none", access: "signedIn", allowedNetworks: [] },
    secretLifetimeDays: 180,
    singleSignOn: true,
    identity: "secret",
    secretless: false,
  },
};

/**
 * What an environment comes to with what a program says otherwise. What it leaves undefined is not said: a `config.getBoolean` that
 * finds nothing would take production's protection away.
 */
export function sizesOf(environment: Environment, overrides: Partial<EnvironmentDefaults> = {}): EnvironmentDefaults {
  const defaults = environmentDefaults[environment];
  const chatPage = { ...defaults.chatPage, ...said(overrides.chatPage ?? {}) };
  return { ...defaults, ...said(overrides), chatPage };
}

function said<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Partial<T>;
}

/** The stack of one pull request, `pr-42`, or of one branch, `branch-feature-mail-1a2b3c4d`. */
const previewStack = /^(?:pr-([1-9]\d{0,8})|branch-(?:[a-z0-9-]+-)?[0-9a-f]{8})$/;

/**
 * Whether a stack is a preview, by its name alone: those that `npm run preview` makes are, and no other is. Whatever takes
 * previews down asks here.
 */
export function isPreviewStack(stack: string): boolean {
  return previewStack.test(stack);
}

/** The number of the pull request whose preview a stack is: `42`; undefined where it is a branch's, or no preview. */
export function pullRequestOf(stack: string): string | undefined {
  return previewStack.exec(stack)?.[1];
}

/** Why nobody knows what environment a stack is: parts of a problem with the setting `environment`. */
export interface Undecided {
  readonly code: "missing-setting" | "environment-differs";
  readonly hint: string;
  /** The command that says it. */
  readonly example: string;
}

/**
 * What environment a stack is. The setting `environment` says it; a stack that is called exactly `dev`, `staging` or `prod`,
 * or has a preview's name, need not say it and may say nothing else. No other name decides anything: what is called `eu-prod`,
 * or `contoso`, may be production, and would lie open and unprotected where it was taken for a developer's.
 * @param stack without organisation and project
 * @param said the setting
 */
export function environmentOf(stack: string, said: Environment | undefined): Environment | Undecided {
  const named = environmentNamed(stack);
  if (said !== undefined && said !== named && (named !== undefined || said === "preview")) return differs(stack, named);
  return said ?? named ?? unsaid(stack);
}

/** The environment that a stack's name alone decides. */
function environmentNamed(stack: string): Environment | undefined {
  if (isPreviewStack(stack)) return "preview";
  return stack === "preview" ? undefined : environments.find((environment) => environment === stack);
}

function differs(stack: string, named: Environment | undefined): Undecided {
  const code = "environment-differs";
  if (named !== undefined && named !== "preview") {
    const hint = `Whoever reads the name ${stack} takes the stack for that. Give an environment of another kind another name.`;
    return { code, hint, example: saying(stack, named) };
  }
  const hint =
    "A preview is a stack that npm run preview makes, pr-42 or branch-..., and such a stack is nothing else.";
  return { code, hint, example: saying(stack, "preview") };
}

function unsaid(stack: string): Undecided {
  const suggested = suggestedBy(stack);
  const looks = suggested ? `The name ${stack} looks like ${suggested}, but of` : "Of";
  const hint = `${looks} stacks' names only dev, staging and prod say by themselves what a stack is.`;
  return { code: "missing-setting", hint, example: saying(stack, suggested ?? "dev") };
}

/** The command that makes a stack such an environment. */
function saying(stack: string, environment: Environment): string {
  if (environment !== "preview") return `pulumi config set environment ${environment} --stack ${stack}`;
  return isPreviewStack(stack) ? `pulumi config rm environment --stack ${stack}` : "npm run preview -- up 42";
}

const identityTexts: Readonly<Record<BotIdentityKind, string>> = {
  secret: "an application with a password as bot",
  certificate: "an application with a certificate as bot",
  managed: "a managed identity as bot",
};

/** Parts of a name that suggest an environment; the first that is found counts. Words are parted by dashes. */
const suggestions: readonly (readonly [environment: Environment, part: RegExp])[] = [
  ["preview", /^(pr-|branch-|preview$)/],
  ["staging", /(pre|non)-?(prod|prd)(uction)?\b|\b(stg|stage|staging|uat|qa|acc|acceptance)\b/],
  // Not product, produce, reproduction, prodigy; not alive, delivery.
  ["prod", /\bprod(?!uc|ig|rom|d)|prod\b|\bproduction|(?<!re)production\b|\bprd|prd\b|\blive\b/],
  ["dev", /\b(dev|development|develop|test|tst|sandbox|local)\b/],
];

/** What a name suggests to whoever reads it. Decides nothing: it is the example in a refusal, or a warning. */
export function suggestedBy(name: string): Environment | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z]+/g, "-");
  return suggestions.find(([, part]) => part.test(words))?.[0];
}

/** What follows from an environment and the stack's settings, in a line for whoever is about to deploy. */
export function environmentText(stack: string, settings: EnvironmentDefaults & { environment: Environment }): string {
  const { environment, chatPage, protect, purgeProtection, vaultRetentionDays } = settings;
  const suggested = suggestedBy(stack);
  const defaults = environmentDefaults[environment];
  const names = Object.keys(defaults) as (keyof EnvironmentDefaults)[];
  const changed = names.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(defaults[name]));
  return [
    `${stack} is a ${environment} environment, ${environmentNamed(stack) ? "by its name" : "as its settings say"}: `,
    [
      `bot ${settings.botSku}, web app ${settings.hostingSize}`,
      protect ? "protected" : "not protected",
      `a deleted vault is kept for ${vaultRetentionDays} days${purgeProtection ? ", which nobody can shorten" : ""}`,
      `logs for ${settings.logRetentionDays} days, secrets for ${settings.secretLifetimeDays} days`,
      `single sign-on ${settings.singleSignOn ? "on" : "off"}`,
      identityTexts[settings.identity],
      `Entra connections with${settings.secretless ? "out" : ""} a client secret`,
      chatPageText(chatPage),
    ].join("; "),
    changed.length > 0 ? `. Its settings say otherwise than ${environment}'s defaults: ${changed.join(", ")}.` : ".",
    suggested && suggested !== environment ? ` Its name looks like ${suggested}.` : "",
  ].join("");
}
