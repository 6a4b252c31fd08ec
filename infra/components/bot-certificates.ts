import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { Place, TwoOf } from "../deployment/rotation";
import type { BotIdentity } from "./bot-identity";
import type { ManagedIdentity } from "./managed-identity";
import type { SecretRotation } from "./secret-rotation";
import type { Vault } from "./vault";

export interface BotCertificatesArgs {
  readonly application: BotIdentity;
  /** What people read as the certificates' common name. */
  readonly subject: pulumi.Input<string>;
  readonly vault: Vault;
  /** Signs with the keys. */
  readonly identity: ManagedIdentity;
  readonly rotation: SecretRotation;
  readonly lifetimeDays: number;
}

/**
 * The certificates with which the bot proves itself, two as of passwords: the vault makes each and keeps its key for good, Entra knows
 * the public part, and the bot's managed identity may sign with the key. Nobody ever has the key, whoever deploys neither.
 */
export class BotCertificates extends pulumi.ComponentResource {
  /** The app setting of each: the key's address and the certificate's thumbprint. Known when Entra knows it and the bot may sign. */
  readonly settings: TwoOf<pulumi.Output<string>>;

  constructor(name: string, args: BotCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:BotCertificates", name, {}, opts);
    const { application, vault, identity, rotation } = args;
    const one = (place: Place, tail: string): pulumi.Output<string> => {
      const made = vault.certify(`bot-certificate${tail}`, args.subject, rotation.began[place], args.lifetimeDays);
      const known = new azuread.ApplicationCertificate(
        `${name}${tail}`,
        {
          applicationId: application.applicationId,
          type: "AsymmetricX509Cert",
          encoding: "base64",
          value: made.certificate,
          // Said outright: left out it is the certificate's own, ten minutes before, and a tenant's longest life would be exceeded.
          startDate: made.madeAt,
          endDate: rotation.ends[place],
        },
        { parent: this, deletedWith: application },
      );
      const signs = identity.mayUseKey(`signs${tail}`, vault.keyId(`bot-certificate${tail}`), made);
      return pulumi
        .all([made.keyUri, made.thumbprint, known.keyId, signs.id])
        .apply(([keyUri, thumbprint]) => `${keyUri} ${thumbprint}`);
    };
    this.settings = [one(0, ""), one(1, "-2")];
    this.registerOutputs();
  }
}
