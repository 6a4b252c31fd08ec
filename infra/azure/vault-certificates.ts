import { createHash } from "node:crypto";
import { fixOf } from "../../contract/known-errors/known-error";
import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import { type Access, until } from "./access";
import { retryAfter } from "./call";
import { wholeSeconds } from "../deployment/secret-life";
import { AzureCallError, unreachable, whyOf } from "./azure-call-error";
import { vaultRefusal } from "./key-vault";

const apiVersion = "7.4";
const scope = "https://vault.azure.net/.default";
const callTakes = 20_000;
/** A certificate that is signed by itself is there after some seconds. */
const madeWithin = 5 * 60_000;
const tries = 6;

/** A certificate that a vault makes, signed by itself. */
export interface WantedCertificate {
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUri: string;
  readonly certificateName: string;
  /** Common name, read by people alone. */
  readonly subject: string;
  /** Marks the version: what has this mark already is taken, so that a killed run makes none twice. */
  readonly startedAt: string;
  /** How long it is good: whole months, because Key Vault counts in those. */
  readonly validityMonths: number;
}

/** The public part of a version of it. */
export interface MadeCertificate {
  /** Address of its key, version included. */
  readonly keyUri: string;
  /** Base64 of DER. */
  readonly certificate: string;
  /** Base64url of the SHA-256 of DER: `x5t#S256` of what is signed with it. */
  readonly thumbprint: string;
  /** ISO date and time in UTC. */
  readonly madeAt: string;
}

interface Bundle {
  readonly kid: string;
  readonly cer: string;
  readonly attributes: { readonly created: number };
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Makes a version of a certificate whose key never leaves the vault, or finds the one that a killed run has made. One in the bin is
 * brought back first. Nothing renews it by itself: Entra would not know the new key, `npm run rotate` tells it.
 * https://learn.microsoft.com/rest/api/keyvault/certificates/create-certificate/create-certificate
 * @throws AzureCallError with the vault's own code; without a role at the vault the fix is the command that gives it
 */
export async function makeCertificate(access: Access, wanted: WantedCertificate): Promise<MadeCertificate> {
  const vault = vaultClient(access, wanted);
  const there = await vault.find();
  if (there?.tags?.["startedAt"] === wanted.startedAt) return madeOf(there);
  const pending = there === undefined ? undefined : there.kid;
  const asked = (): Promise<Response> => vault.call("POST", "/create", bodyOf(wanted));
  let answer = await asked();
  if (answer.status === 409 && (await vault.refusal(answer.clone())).code === "ObjectIsDeletedButRecoverable") {
    await vault.recover();
    answer = await asked();
  }
  if (!answer.ok) throw await vault.refusal(answer);
  const made = await until(access, madeWithin, async () => {
    const operation = await vault.read<{ status: string; error?: { code?: string; message?: string } }>("/pending");
    if (operation.status === "inProgress") return undefined;
    if (operation.status !== "completed") throw vault.failed(operation.error ?? { code: operation.status });
    const found = await vault.find();
    return found && found.kid !== pending ? found : undefined;
  });
  if (!made) throw vault.failed({ code: "certificate-pending", message: "the certificate is still in the making" });
  return madeOf(made);
}

/** The newest version; undefined where there is no certificate of the name. */
export async function findCertificate(
  access: Access,
  at: Pick<WantedCertificate, "vaultUri" | "certificateName">,
): Promise<MadeCertificate | undefined> {
  const found = await vaultClient(access, at).find();
  return found && madeOf(found);
}

/** Deletes a certificate with its key; the vault's bin keeps both as long as the vault says. */
export async function deleteCertificate(
  access: Access,
  at: Pick<WantedCertificate, "vaultUri" | "certificateName">,
): Promise<void> {
  const vault = vaultClient(access, at);
  const answer = await vault.call("DELETE", "");
  if (!answer.ok && answer.status !== 404) throw await vault.refusal(answer);
}

function bodyOf({ subject, startedAt, validityMonths }: WantedCertificate): object {
  return {
    policy: {
      key_props: { exportable: false, kty: "RSA", key_size: 2048, reuse_key: false },
      // Client authentication alone.
      x509_props: {
        subject: `CN=${subject.replace(/[,+"\\<>;=\r\n]/g, " ").slice(0, 64)}`,
        ...{ key_usage: ["digitalSignature"], ekus: ["1.3.6.1.5.5.7.3.2"], validity_months: validityMonths },
      },
      issuer: { name: "Self" },
      lifetime_actions: [{ trigger: { days_before_expiry: 30 }, action: { action_type: "EmailContacts" } }],
    },
    tags: { startedAt },
  };
}

function madeOf({ kid, cer, attributes }: Bundle): MadeCertificate {
  const der = Buffer.from(cer, "base64");
  return {
    keyUri: kid,
    certificate: cer,
    thumbprint: createHash("sha256").update(der).digest("base64url"),
    madeAt: wholeSeconds(attributes.created * 1_000),
  };
}

interface VaultClient {
  call(method: string, path: string, body?: object): Promise<Response>;
  read<Body>(path: string): Promise<Body>;
  find(): Promise<Bundle | undefined>;
  recover(): Promise<void>;
  refusal(answer: Response): Promise<AzureCallError>;
  failed(error: { readonly code?: string; readonly message?: string }): AzureCallError;
}

function vaultClient(
  access: Access,
  { vaultUri, certificateName }: Pick<WantedCertificate, "vaultUri" | "certificateName">,
): VaultClient {
  const { host, origin } = new URL(vaultUri);
  const what = `${host}/certificates/${certificateName}`;
  const send = async (method: string, path: string, body?: object): Promise<Response> => {
    for (let left = tries - 1, pause = 200; ; left -= 1, pause *= 2) {
      const answer = await access
        .fetch(`${origin}${path}?api-version=${apiVersion}`, {
          method,
          headers: { authorization: `Bearer ${await access.token(scope)}`, "content-type": "application/json" },
          ...(body ? { body: JSON.stringify(body) } : {}),
          ...{ redirect: "error", signal: AbortSignal.timeout(callTakes) },
        })
        .catch((error: Error) => error);
      if (answer instanceof Response && answer.status !== 429 && answer.status < 500) return answer;
      if (left > 0) {
        await access.wait((answer instanceof Response ? retryAfter(answer) : undefined) ?? pause);
        continue;
      }
      if (answer instanceof Response) return answer;
      throw unreachable(what, origin, whyOf(answer));
    }
  };
  const own = `/certificates/${certificateName}`;
  const refusal = (answer: Response): Promise<AzureCallError> => vaultRefusal(what, answer);
  const find = async (): Promise<Bundle | undefined> => {
    const answer = await send("GET", own);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw await refusal(answer);
    return (await answer.json()) as Bundle;
  };
  return {
    call: (method, path, body) => send(method, `${own}${path}`, body),
    async read<Body>(path: string) {
      const answer = await send("GET", `${own}${path}`);
      if (!answer.ok) throw await refusal(answer);
      return (await answer.json()) as Body;
    },
    find,
    async recover() {
      const answer = await send("POST", `/deletedcertificates/${certificateName}/recover`);
      if (!answer.ok) throw await refusal(answer);
      // Until then the name is still taken.
      await until(access, madeWithin, find);
    },
    refusal,
    failed: ({ code = "certificate-not-made", message = code }) =>
      new AzureCallError(code, what, message, fixOf(keyVaultErrors, { code, message })),
  };
}
