import { day } from "../../contract/time";

/** Whom an end meets. */
export type EndOf =
  /** Whoever asks a namespace of Azure Resource Manager in an api-version before this one. */
  | { readonly part: "api-version"; readonly namespace: string; readonly before: string }
  /** Web apps on a runtime of App Service, by how its name begins: `NODE|22`. */
  | { readonly part: "runtime"; readonly runtime: string }
  /** Bots that are made with an SDK. */
  | { readonly part: "sdk"; readonly family: "botframework" }
  /** What speaks an older TLS, or lets others do so. */
  | { readonly part: "tls"; readonly before: string }
  /** Registrations of a type (`msaAppType`). */
  | { readonly part: "bot-type"; readonly type: string };

/** Something that stops on an announced day. */
export interface End {
  /** What ends, as a person would say it. */
  readonly what: string;
  /** ISO date of the first day without it. */
  readonly at: string;
  /** What happens then. */
  readonly breaks: string;
  /** What to do before. */
  readonly fix: string;
  /** Where it is announced. */
  readonly source: string;
  readonly of: EndOf;
}

const appService = "https://learn.microsoft.com/azure/app-service/language-support-policy";
const unpatched =
  "The app goes on; Azure mends nothing in that runtime any more, gives no support, and takes it off its list later";

/** A runtime of App Service, which follows its community's last day. */
function runtime(name: string, prefix: string, lastDay: string, next: string): End {
  return {
    what: `${name} on App Service`,
    at: dayAfter(lastDay),
    breaks: `${unpatched}.`,
    fix: `Take ${next}: the setting code.runtime, or what the bot's package.json or project file asks for.`,
    source: appService,
    of: { part: "runtime", runtime: prefix },
  };
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + day).toISOString().slice(0, 10);
}

/**
 * The calendar of announced ends around a bot. Each new one is a row here: preflight, `pulumi up`, `npm run ends` and the
 * weekly workflow read it.
 */
export const ends: readonly End[] = [
  {
    what: "Key Vault's management in api-versions before 2026-02-01",
    at: "2027-02-27",
    breaks: "Azure refuses every read, write and deletion of vaults and their secrets in such a version.",
    fix: "Ask in 2026-02-01 or newer; azure-native has it as a package of its own (infra/resources/key-vault.ts).",
    source: "https://learn.microsoft.com/azure/key-vault/general/migrate-api-version",
    of: { part: "api-version", namespace: "Microsoft.KeyVault", before: "2026-02-01" },
  },
  runtime("Node.js 20", "NODE|20", "2026-04-30", "NODE|24-lts"),
  runtime("Node.js 22", "NODE|22", "2027-04-30", "NODE|24-lts"),
  runtime("Node.js 24", "NODE|24", "2028-04-30", "the next version with long-term support"),
  runtime(".NET 8", "DOTNETCORE|8", "2026-11-10", "DOTNETCORE|10.0"),
  runtime(".NET 9", "DOTNETCORE|9", "2026-11-10", "DOTNETCORE|10.0"),
  runtime(".NET 10", "DOTNETCORE|10", "2028-11-14", "the next version with long-term support"),
  runtime("Python 3.10", "PYTHON|3.10", "2026-10-31", "PYTHON|3.13"),
  runtime("Python 3.11", "PYTHON|3.11", "2027-10-31", "PYTHON|3.13"),
  runtime("Python 3.12", "PYTHON|3.12", "2028-10-31", "PYTHON|3.13"),
  {
    what: "The Bot Framework SDK",
    at: "2026-01-01",
    breaks: "It is archived: nobody mends it, and what Bot Service and Teams add or change it does not follow.",
    fix: "Move the bot to the Microsoft 365 Agents SDK; its dialect is agents-js, agents-net or agents-python.",
    source: "https://github.com/microsoft/botframework-sdk#readme",
    of: { part: "sdk", family: "botframework" },
  },
  {
    what: "New registrations of the type MultiTenant",
    at: "2025-08-01",
    breaks: "Azure refuses to make one (InvalidBotCreationData); those that exist go on.",
    fix: "Register the bot as SingleTenant or UserAssignedMSI: the setting identity.",
    source: "https://learn.microsoft.com/azure/bot-service/abs-quickstart",
    of: { part: "bot-type", type: "MultiTenant" },
  },
  {
    what: "TLS 1.0 and 1.1 at Azure's services",
    at: "2025-09-01",
    breaks: "Connections by them fail.",
    fix: "Speak TLS 1.2 or 1.3, and set 1.2 as the least that is taken.",
    source: "https://azure.microsoft.com/updates/update-retirement-tls1-0-tls1-1-versions-azure-services/",
    of: { part: "tls", before: "1.2" },
  },
  {
    what: "TLS 1.0 and 1.1 at Azure Storage",
    at: "2026-02-03",
    breaks: "Connections by them fail, whatever the account allows.",
    fix: "Speak TLS 1.2 or 1.3; an account's minimumTlsVersion is TLS1_2 at least.",
    source: "https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-migrate-to-tls2",
    of: { part: "tls", before: "1.2" },
  },
];
