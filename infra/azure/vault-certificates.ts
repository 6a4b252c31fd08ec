import { createHash } from "node:crypto";
import { fixOf } from "../../contract/known-errors/known-error";
import { keyVaultErrors } from "../../contract/known-errors/vault-and-storage";
import { type Access, until } from "./access";
import { bodyOf, call, isAbsent, refusalOf } from "./call";
import type { Answer } from "./exchange";
import { wholeSeconds } from "../deployment/secret-life";
import { AzureCallError } from "./azure-call-error";
import { keyVault, vaultVersion } from "./key-vault";

/** A certificate that is signed by itself is there after some seconds. */
const madeWithin = 5 * 60_000;

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
  const asked = (): Promise<Answer> => vault.call("POST", "/create", contentOf(wanted));
  let answer = await asked();
  if (answer.status === 409 && vault.refusal(answer).code === "ObjectIsDeletedButRecoverable") {
    await vault.recover();
    answer = await asked();
  }
  if (!answer.ok) throw vault.refusal(answer);
  const made = await until(access, madeWithin, async () => {
    const operation = await vault.read<{ status: string; error?: { code?: string; message?: string } }>(
      "/pending",
      "status",
    );
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
  if (!answer.ok && !isAbsent(answer)) throw vault.refusal(answer);
}

/**
 * Key Vault takes no more days before the end than this for each month of a certificate's life.
 * https://learn.microsoft.com/javascript/api/@azure/keyvault-certificates/lifetimeaction
 */
const mostDaysBefore = 27;

function contentOf({ subject, startedAt, validityMonths }: WantedCertificate): object {
  return {
    policy: {
      key_props: { exportable: false, kty: "RSA", key_size: 2048, reuse_key: false },
      // Client authentication alone.
      x509_props: {
        subject: `CN=${subject.replace(/[,+"\\<>;=\r\n]/g, " ").slice(0, 64)}`,
        key_usage: ["digitalSignature"],
        ekus: ["1.3.6.1.5.5.7.3.2"],
        validity_months: validityMonths,
      },
      issuer: { name: "Self" },
      lifetime_actions: [
        {
          trigger: { days_before_expiry: Math.min(30, mostDaysBefore * validityMonths) },
          action: { action_type: "EmailContacts" },
        },
      ],
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
  call(method: string, path: string, body?: object): Promise<Answer>;
  read<Body>(path: string, member: keyof Body & string): Promise<Body>;
  find(): Promise<Bundle | undefined>;
  recover(): Promise<void>;
  refusal(answer: Answer): AzureCallError;
  failed(error: { readonly code?: string; readonly message?: string }): AzureCallError;
}

function vaultClient(
  access: Access,
  { vaultUri, certificateName }: Pick<WantedCertificate, "vaultUri" | "certificateName">,
): VaultClient {
  const { host, origin } = new URL(vaultUri);
  const subject = `${host}/certificates/${certificateName}`;
  const send = (method: string, path: string, content?: object): Promise<Answer> =>
    call(access, keyVault, { method, url: `${origin}${path}?api-version=${vaultVersion}`, content, subject });
  const own = `/certificates/${certificateName}`;
  const refusal = (answer: Answer): AzureCallError => refusalOf(keyVault, subject, answer);
  const find = async (): Promise<Bundle | undefined> => {
    const answer = await send("GET", own);
    if (isAbsent(answer)) return undefined;
    if (!answer.ok) throw refusal(answer);
    return bodyOf<Bundle>(keyVault, subject, answer, ["kid"]);
  };
  return {
    call: (method, path, body) => send(method, `${own}${path}`, body),
    async read<Body>(path: string, member: keyof Body & string) {
      const answer = await send("GET", `${own}${path}`);
      if (!answer.ok) throw refusal(answer);
      return bodyOf<Body>(keyVault, subject, answer, [member]);
    },
    find,
    async recover() {
      const answer = await send("POST", `/deletedcertificates/${certificateName}/recover`);
      if (!answer.ok) throw refusal(answer);
      // Until then the name is still taken.
      await until(access, madeWithin, find);
    },
    refusal,
    failed: ({ code = "certificate-not-made", message = code }) =>
      new AzureCallError(code, subject, message, fixOf(keyVaultErrors, { code, message })),
  };
}
