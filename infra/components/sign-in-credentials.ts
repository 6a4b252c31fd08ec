import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { tokenExchangeAudience, tokenStoreProof } from "../facts/federated-subject";
import type { TwoOf } from "../deployment/rotation";
import { twoPasswords } from "./two-passwords";

export interface SignInCredentialsArgs {
  /** `/applications/<object id>`. */
  readonly applicationId: pulumi.Input<string>;
  readonly tenantId: pulumi.Input<string>;
  /** What the application's owner reads beside the passwords and the federated credential. */
  readonly displayName: string;
  /** ISO dates at which the passwords of both places end; undefined where no connection needs one. */
  readonly passwordsEnd: TwoOf<pulumi.Input<string>> | undefined;
  /** Whether a connection does without a secret. */
  readonly federated: boolean;
}

/** How the Token Service proves itself as the sign-in application. */
export interface SignInCredentials {
  /** Secret. */
  readonly passwords: TwoOf<pulumi.Output<string>> | undefined;
  /** Tail of the federated credential's subject; known when Entra has the credential. */
  readonly uniqueIdentifier: pulumi.Output<string> | undefined;
}

/**
 * Gives the sign-in application what its connections need: two passwords, a federated credential of the Bot Framework's Token
 * Store, or both.
 * @param opts of each of them
 */
export function signInCredentials(
  name: string,
  args: SignInCredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): SignInCredentials {
  const { applicationId, displayName, passwordsEnd: ends } = args;
  return {
    passwords: ends && twoPasswords(name, { applicationId, displayName, ends }, opts),
    uniqueIdentifier: args.federated ? federated(name, args, opts) : undefined,
  };
}

function federated(
  name: string,
  { applicationId, displayName, ...args }: SignInCredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // Nobody can guess it: whoever knew it could let a bot of his own sign people in as this application.
  const tail = new random.RandomUuid(`${name}-token-store`, {}, { parent: opts.parent });
  const proof = pulumi.all([args.tenantId, tail.result]).apply(([tenant, text]) => tokenStoreProof(tenant, text));
  const credential = new azuread.ApplicationFederatedIdentityCredential(
    `${name}-token-store`,
    {
      applicationId,
      // Entra takes letters, digits, - and _ alone, and never another name for the same credential.
      displayName: displayName.replace(/[^\w-]+/g, "-"),
      description: "The Bot Framework's Token Store, in place of a client secret",
      audiences: [tokenExchangeAudience],
      issuer: proof.issuer,
      subject: proof.subject,
    },
    opts,
  );
  return pulumi.all([tail.result, credential.credentialId]).apply(([text]) => text);
}
