import { type Access, deployerAccess } from "../azure/access";
import { AzureCallError } from "../azure/azure-call-error";
import {
  deleteCertificate,
  findCertificate,
  makeCertificate,
  type MadeCertificate,
  type WantedCertificate,
} from "../azure/vault-certificates";
import { difference, type Lifecycle } from "./lifecycle";
import { count, type ResourceSchema, text } from "./schema";

export type Inputs = WantedCertificate;
export type Outputs = WantedCertificate & MadeCertificate;

export const vaultCertificateSchema: ResourceSchema<Inputs, Outputs> = {
  description:
    "A certificate that a Key Vault makes and signs by itself; its key never leaves the vault. azure-native knows no certificates of " +
    "vaults: they are not Azure Resource Manager's.",
  inputs: {
    vaultUri: text("Address of the vault: https://<vault>.vault.azure.net/."),
    certificateName: text("Name of the certificate, and of its key."),
    subject: text("Common name, read by people alone."),
    startedAt: text("The moment from which its life counts; another one makes a new version."),
    validityMonths: count("Whole months that it is good."),
  },
  outputs: {
    keyUri: text("Address of its key, version included."),
    certificate: text("The certificate: base64 of DER."),
    thumbprint: text("Base64url of its SHA-256: x5t#S256 of what is signed with it."),
    madeAt: text("When the vault made it: ISO date and time in UTC."),
  },
};

/** A certificate of a vault. Whoever deploys needs the role Key Vault Certificates Officer there, and no right to use the key. */
export function vaultCertificate(access: () => Access = deployerAccess): Lifecycle<Inputs, Outputs> {
  const made = async (inputs: Inputs): Promise<Outputs> => ({
    ...inputs,
    ...(await makeCertificate(access(), inputs)),
  });
  return {
    check: async () => [],
    // Another subject or length counts from the next version on.
    diff: async (_id, olds, news) => difference<Inputs>(olds, news, ["vaultUri", "certificateName"], ["startedAt"]),
    create: async (inputs) => ({ id: addressOf(inputs), outs: await made(inputs) }),
    // The version before stays: Entra does not know its key any more, and the vault deletes no single version.
    update: async (_id, _olds, news) => ({ outs: await made(news) }),
    async read(id, props) {
      if (!props) throw new Error(`${id} is a certificate of others: pulumi up makes one of the program's own.`);
      try {
        const found = await findCertificate(access(), props);
        return found && { id, props: { ...props, ...found } };
      } catch (error) {
        // Who only looks at a stack needs no role in its vault.
        if (error instanceof AzureCallError && error.status === 403) return { id, props };
        throw error;
      }
    },
    delete: (_id, props) => deleteCertificate(access(), props),
  };
}

function addressOf({ vaultUri, certificateName }: Inputs): string {
  return `${vaultUri.replace(/\/$/, "")}/certificates/${certificateName}`;
}
