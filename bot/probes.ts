import { minute } from "../contract/time";
import { hostname } from "node:os";
import type { UserTokenClient } from "@microsoft/agents-hosting";
import type { BotAdapter } from "./adapter";
import type { DirectLine } from "./direct-line";
import { storageErrors } from "../contract/known-errors/vault-and-storage";
import { fixFor, knownError } from "../contract/known-errors/known-error";
import { BotError, wordsOf } from "./error";
import type { Probe } from "./health";
import type { Settings } from "./settings";
import { fixOfEntraError } from "./sign-in/entra-errors";
import type { BlobStorage } from "./storage";

/** A user that no channel has, so that no real user's sign-in is looked at. */
const nobody = "dl_health-check";
/** Milliseconds for which what another service answered well is not asked for again. */
const answersFreshFor = minute;

/** What the bot cannot work without, each tried in earnest. */
export function probesOf(
  settings: Settings,
  adapter: BotAdapter,
  storage: BlobStorage,
  directLine: Pick<DirectLine, "token">,
): Probe[] {
  return [
    {
      name: "bot token",
      fix: (error) => fixOfEntraError(wordsOf(error)) ?? vaultFix(error) ?? tokenFix(settings),
      run: async () => void (await adapter.botToken()),
    },
    {
      name: "state",
      fix: (error) => {
        const { code = "", message = "" } = error as { code?: string; message?: string };
        const known = knownError(storageErrors, { code, message });
        return known ? fixFor(known, message) : "Check STATE_CONTAINER_URL: npm run drift, then pulumi up writes it.";
      },
      run: () => writeAndRead(storage),
    },
    {
      name: "connections",
      fix:
        "Create every connection that OAUTH_CONNECTIONS names on the bot registration, and check that " +
        "TOKEN_SERVICE_ENDPOINT is that of its residency: npm run drift, then pulumi up sets both.",
      run: atMostOnceAMinute(connectionsProbe(settings, () => adapter.tokenServiceClient())),
    },
    ...(settings.chatPage
      ? [
          {
            name: "chat page",
            fix: (error: unknown) => (error instanceof BotError && error.fix) || "See the bot's log.",
            run: atMostOnceAMinute(async () => void (await directLine.token(nobody))),
          },
        ]
      : []),
  ];
}

/** Where the bot gets no token, and nobody says why. */
function tokenFix({ password, certificates }: Settings): string {
  const principal = "Check that the bot's Entra application has a service principal in its tenant and that";
  if (certificates) return `${principal} it knows the certificate that MicrosoftAppCertificate names: npm run drift.`;
  if (password === undefined)
    return "Assign the managed identity that MicrosoftAppId names to the web app: pulumi up does.";
  return `${principal} MicrosoftAppPassword is one of its current passwords.`;
}

/** What to do where the vault does not sign; MSAL hands the bot's own error on as the cause, or as it is. */
function vaultFix(error: unknown): string | undefined {
  if (error instanceof BotError) return error.fix;
  return error instanceof Error && error.cause !== undefined ? vaultFix(error.cause) : undefined;
}

async function writeAndRead(storage: BlobStorage): Promise<void> {
  const key = `health/${hostname()}`;
  const at = new Date().toISOString();
  await storage.write({ [key]: { at } });
  const { [key]: item } = await storage.read([key]);
  if ((item as { at?: string } | undefined)?.at !== at) throw new Error("The state read is not the state written.");
}

/**
 * Asks the Token Service for the state of every connection: it names those that the bot registration really has.
 * https://learn.microsoft.com/dotnet/api/microsoft.bot.connector.authentication.usertokenclient.gettokenstatusasync
 */
function connectionsProbe({ connections }: Settings, client: () => Promise<UserTokenClient>): () => Promise<void> {
  return async () => {
    const status = (await (await client()).getTokenStatus(nobody, "directline")) as unknown as {
      connectionName?: string;
    }[];
    const known = new Set(Array.isArray(status) ? status.map(({ connectionName }) => connectionName) : []);
    const missing = connections.map(({ name }) => name).filter((name) => !known.has(name));
    if (missing.length > 0) throw new Error(`The bot registration has no connection ${missing.join(", ")}.`);
  };
}

/** Leaves a probe that went well alone for a while; one that failed is run again each time. */
function atMostOnceAMinute(run: () => Promise<void>): () => Promise<void> {
  let wellAt = -Infinity;
  return async () => {
    if (performance.now() - wellAt < answersFreshFor) return;
    await run();
    wellAt = performance.now();
  };
}
