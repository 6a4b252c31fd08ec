import * as pulumi from "@pulumi/pulumi";
import { isOwn, OwnResource } from "./own-resource";

export interface VaultCertificateArgs {
  /** `https://<vault>.vault.azure.net/` */
  readonly vaultUri: pulumi.Input<string>;
  readonly certificateName: string;
  /** Common name, read by people alone. */
  readonly subject: pulumi.Input<string>;
  /** The moment from which its life counts; another one makes a new version. */
  readonly startedAt: pulumi.Input<string>;
  /** Whole months that it is good. */
  readonly validityMonths: number;
}

/** A certificate that a vault makes and signs by itself, whose key never leaves it. */
export class VaultCertificate extends OwnResource {
  /** Address of its key, version included. */
  declare readonly keyUri: pulumi.Output<string>;
  /** Base64 of DER. */
  declare readonly certificate: pulumi.Output<string>;
  /** Base64url of the SHA-256 of DER. */
  declare readonly thumbprint: pulumi.Output<string>;
  /** ISO date and time in UTC. */
  declare readonly madeAt: pulumi.Output<string>;

  static override isInstance(resource: unknown): resource is VaultCertificate {
    return isOwn(resource, "VaultCertificate");
  }

  constructor(name: string, args: VaultCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { keyUri: undefined, certificate: undefined, thumbprint: undefined, madeAt: undefined };
    super("VaultCertificate", name, { ...args, ...outputs }, opts);
  }
}
