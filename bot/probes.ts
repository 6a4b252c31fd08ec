import { hostname } from "node:os";
import type { UserTokenClient } from "@microsoft/agents-hosting";
import type { BotAdapter } from "./adapter";
import type { Probe } from "./health";
import type { Settings } from "./settings";
import type { BlobStorage } from "./storage";
import type { VaultSecret } from "./vault-secret";

/** A user that no channel has, so that no real user's sign-in is looked at. */
const nobody = "dl_health-check";
/** Milliseconds for which a set of connections that was right is not asked for again. */
const connectionsFreshFor = 60_000;

/** What the bot cannot work without, each tried in earnest. */
export function probesOf(settings: Settings, adapter: BotAdapter, storage: BlobStorage, secret: VaultSecret): Probe[] {
  return [
    {
      name: "bot token",
      cure: "Check that the bot's Entra application has a service principal in its tenant and that MicrosoftAppPassword is one of its current passwords.",
      run: async () => void (await adapter.botToken()),
    },
    {
      name: "state",
      cure: "Check STATE_CONTAINER_URL, and that the managed identity has the role Storage Blob Data Contributor on the container.",
      run: () => writeAndRead(storage),
    },
    {
      name: "connections",
      cure: "Create every connection that OAUTH_CONNECTIONS names on the bot registration: deploy again.",
      run: connectionsProbe(settings, () => adapter.tokenServiceClient()),
    },
    ...(settings.chatPage
      ? [
          {
            name: "chat page",
            cure: "Check that the vault has the secret of DIRECT_LINE_SECRET_URI and that the managed identity may read it.",
            run: async () => void (await secret.read()),
          },
        ]
      : []),
  ];
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
  let rightAt = -Infinity;
  return async () => {
    if (performance.now() - rightAt < connectionsFreshFor) return;
    const status = (await (await client()).getTokenStatus(nobody, "directline")) as unknown as {
      connectionName?: string;
    }[];
    const known = new Set(Array.isArray(status) ? status.map(({ connectionName }) => connectionName) : []);
    const missing = connections.map(({ name }) => name).filter((name) => !known.has(name));
    if (missing.length > 0) throw new Error(`The bot registration has no connection ${missing.join(", ")}.`);
    rightAt = performance.now();
  };
}
