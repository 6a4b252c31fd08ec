import { createHash, randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import { ConfidentialClientApplication } from "@azure/msal-node";
import type { BotCertificate } from "../contract/app-settings";
import type { Ways } from "./credential";
import { BotError } from "./error";
import type { Settings } from "./settings";
import { askVault, fixOf } from "./vault";

/** Seconds that an assertion is good: one is made for each token request. */
const goodFor = 300;
/** Tokens in a row that prove a certificate: Entra answers from several replicas, and each learns of it at a time of its own. */
const tokensInARow = 3;

type Who = Pick<Settings, "appId" | "tenantId">;

/**
 * The bot's two certificates, each in place of a password: the vault signs who the bot is, Entra knows the certificate and gives a
 * token. MSAL keeps the tokens, so the vault is asked once an hour at most.
 */
export class Certificates {
  /** ISO date and time in UTC at which the newest was proved; undefined until then. */
  provenAt: string | undefined;
  private readonly clients: readonly [newest: ConfidentialClientApplication, before: ConfidentialClientApplication];
  private proving?: Promise<void>;

  /** @param vault of the managed identity that may sign with the keys */
  constructor(who: Who, both: readonly [newest: BotCertificate, before: BotCertificate], vault: TokenCredential) {
    const client = (certificate: BotCertificate): ConfidentialClientApplication =>
      new ConfidentialClientApplication({
        auth: {
          clientId: who.appId,
          authority: `https://login.microsoftonline.com/${who.tenantId}`,
          clientAssertion: () => assertion(who, certificate, vault),
        },
      });
    this.clients = [client(both[0]), client(both[1])];
  }

  get ways(): Ways {
    const [newest, before] = this.clients;
    return { newest: (scope) => token(newest, scope), before: (scope) => token(before, scope) };
  }

  /**
   * Asks Entra for tokens by the newest until it has given three in a row, one try at a time. Only the running bot can: nobody else
   * may use the key.
   */
  prove(scope: string): void {
    if (this.provenAt !== undefined) return;
    this.proving ??= this.tokensInARow(scope)
      .then(() => {
        this.provenAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
      })
      // Whoever waits for the proof looks again, and the health check says what is wrong.
      .catch(() => undefined)
      .finally(() => {
        this.proving = undefined;
      });
  }

  private async tokensInARow(scope: string): Promise<void> {
    for (let row = 0; row < tokensInARow; row += 1) await token(this.clients[0], scope, true);
  }
}

/** @param fresh whether one that MSAL has kept will not do */
async function token(client: ConfidentialClientApplication, scope: string, fresh = false): Promise<string> {
  const answer = await client.acquireTokenByClientCredential({ scopes: [`${scope}/.default`], skipCache: fresh });
  if (!answer?.accessToken) throw new Error("Entra gave no token.");
  return answer.accessToken;
}

/**
 * What the bot says of itself, signed in the vault.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
async function assertion(
  { appId, tenantId }: Who,
  { keyUri, thumbprint }: BotCertificate,
  vault: TokenCredential,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const text = [
    { alg: "PS256", typ: "JWT", "x5t#S256": thumbprint },
    {
      iss: appId,
      sub: appId,
      jti: randomUUID(),
      aud: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      iat: now,
      nbf: now,
      exp: now + goodFor,
    },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${await signature(text, keyUri, vault)}`;
}

/** https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign */
async function signature(text: string, keyUri: string, vault: TokenCredential): Promise<string> {
  try {
    const digest = createHash("sha256").update(text).digest("base64url");
    const { value } = await askVault(`${keyUri}/sign`, vault, { alg: "PS256", value: digest });
    if (typeof value !== "string" || value === "") throw new Error("The vault gave no signature.");
    return value;
  } catch (cause) {
    throw new BotError("certificate-unusable", "The vault does not sign with the key of the bot's certificate.", {
      status: 502,
      subject: "MicrosoftAppCertificate",
      cause,
      fix: fixOf(cause) ?? "Check that the vault can be reached, and that the certificate exists: npm run drift.",
    });
  }
}
