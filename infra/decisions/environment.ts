import type { ChatPage } from "./chat-page";
import type { HostingSize } from "./hosting-size";

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
}

/**
 * The one table of what differs. preview: a pull request's own, for days, with prod's single sign-on so that a change to
 * it shows. dev: cheap, and gone without a trace. staging: prod's features on dev's prices, with
 * short-lived secrets, so that a renewal is practised there first. prod: paid sizes without the free ones' limits,
 * nothing deletable by mistake, and no page through which the whole internet can talk to the bot.
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
    chatPage: { enabled: true, framedBy: "self" },
    secretLifetimeDays: 30,
    singleSignOn: true,
  },
  dev: {
    botSku: "F0",
    hostingSize: "B1",
    protect: false,
    purgeProtection: false,
    vaultRetentionDays: 7,
    logRetentionDays: 30,
    chatPage: { enabled: true, framedBy: "self" },
    secretLifetimeDays: 180,
    singleSignOn: false,
  },
  staging: {
    botSku: "F0",
    hostingSize: "B1",
    protect: false,
    purgeProtection: false,
    vaultRetentionDays: 7,
    logRetentionDays: 30,
    chatPage: { enabled: true, framedBy: "self" },
    secretLifetimeDays: 90,
    singleSignOn: true,
  },
  prod: {
    botSku: "S1",
    hostingSize: "P0v3",
    protect: true,
    purgeProtection: true,
    vaultRetentionDays: 90,
    logRetentionDays: 90,
    chatPage: { enabled: false, framedBy: "none" },
    secretLifetimeDays: 180,
    singleSignOn: true,
  },
};

/**
 * The environment that a stack is, by its name: `prod` and `production`, `staging` and `stage`, in any case; a pull
 * request's (`pr-42`) or a branch's (`branch-...`) is a preview, every other stack a developer's.
 */
export function environmentOf(stack: string): Environment {
  if (/^prod(uction)?$/i.test(stack)) return "prod";
  if (/^stag(e|ing)$/i.test(stack)) return "staging";
  if (/^(pr-\d+|branch-.+|preview)$/.test(stack)) return "preview";
  return "dev";
}

/** The defaults of a stack. */
export function defaultsOf(stack: string): EnvironmentDefaults {
  return environmentDefaults[environmentOf(stack)];
}
