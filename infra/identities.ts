import * as pulumi from "@pulumi/pulumi";
import { AdminConsent, warnOfMissingConsent } from "./components/admin-consent";
import { BotIdentity, type BotPrincipal } from "./components/bot-identity";
import type { SignInAppOfConnections } from "./components/connections";
import { ExistingBotApp } from "./components/existing-bot-app";
import { ExistingBotIdentity } from "./components/existing-bot-identity";
import { ExistingSignInApp } from "./components/existing-sign-in-app";
import { ManagedBotIdentity } from "./components/managed-bot-identity";
import type { SecretRotation } from "./components/secret-rotation";
import { SignInApp } from "./components/sign-in-app";
import { SingleSignOn } from "./components/single-sign-on";
import { apisOf, type Judged, throughSignInApp } from "./connections/apis";
import { providerNamed } from "./connections/providers";
import type { KnownConnection } from "./connections/rules";
import type { BotIdentityKind } from "./settings/environment";
import type { Tags } from "./deployment/tags";
import { PasswordProof } from "./resources/password-proof";

export interface IdentitiesArgs {
  readonly identity: BotIdentityKind;
  readonly names: {
    readonly bot: string;
    readonly managedIdentity: pulumi.Input<string>;
    /** What users read on the sign-in page. */
    readonly signIn: string;
  };
  readonly connections: readonly KnownConnection[];
  /** What the tenant says of the connections' scopes. */
  readonly tenant: pulumi.Output<Judged>;
  readonly existingSignInApp: pulumi.Input<string> | undefined;
  readonly existingBotApp: pulumi.Input<string> | undefined;
  readonly existingBotIdentity: pulumi.Input<string> | undefined;
  readonly singleSignOn: boolean;
  readonly adminConsent: boolean;
  /** Where the Token Service takes users back. */
  readonly redirectAddress: string;
  readonly deployer: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: pulumi.Input<string>;
  /** Which passwords are in use, and how long they live. */
  readonly rotation: SecretRotation;
  readonly protect: boolean;
  readonly tags: Tags;
  readonly serviceManagementReference: string | undefined;
}

/** Who the bot is, and through what its users sign in. */
export interface Identities {
  /** Undefined where the bot is a managed identity. */
  readonly botApplication: BotIdentity | ExistingBotApp | undefined;
  /** That its newest password works; undefined where it has none: a certificate only the running bot can prove. */
  readonly botProof: PasswordProof | undefined;
  readonly botIdentity: BotPrincipal & pulumi.Resource;
  /** Undefined where every connection brings an application of its own. */
  readonly signInApp: SignInApp | ExistingSignInApp | undefined;
  /** The same as connections need it. */
  readonly forConnections: SignInAppOfConnections | undefined;
  readonly singleSignOn: SingleSignOn | undefined;
  readonly consent: readonly AdminConsent[];
}

/**
 * Makes both identities of a set-up, with what Teams and an administrator add to the second, and says what somebody has to do
 * at the providers and in the tenant before the first sign-in.
 * @param own makes all of it a part of the component
 */
export function makeIdentities(
  name: string,
  args: IdentitiesArgs,
  own: { readonly parent: pulumi.Resource },
): Identities {
  const { connections, tenant, deployer, tenantId, resourceGroupName, location, rotation, protect, tags } = args;
  const { serviceManagementReference } = args;
  const declared = tenant.apply((judged) => Object.values(judged.declared));
  const identity = { deployer, serviceManagementReference, protect, tags };
  const passwordsEnd = rotation.ends;
  const botApplication =
    args.identity === "managed"
      ? undefined
      : args.existingBotApp === undefined
        ? new BotIdentity(
            `${name}-bot`,
            {
              ...identity,
              passwordsEnd: args.identity === "secret" ? passwordsEnd : undefined,
              displayName: args.names.bot,
            },
            own,
          )
        : new ExistingBotApp(
            `${name}-bot`,
            { clientId: args.existingBotApp, credentialName: `${args.names.bot} bot`, passwordsEnd },
            own,
          );
  const botIdentity: BotPrincipal & pulumi.Resource =
    botApplication ??
    (args.existingBotIdentity === undefined
      ? new ManagedBotIdentity(
          `${name}-bot`,
          { resourceGroupName, location, identityName: args.names.managedIdentity, protect, tags },
          own,
        )
      : new ExistingBotIdentity(`${name}-bot`, { identityId: args.existingBotIdentity }, own));
  const botProof =
    botApplication?.passwords &&
    new PasswordProof(
      `${name}-bot`,
      {
        tenantId,
        clientId: botApplication.clientId,
        password: rotation.newest(botApplication.passwords),
        scope: "https://api.botframework.com/.default",
        ownPrincipal: botApplication instanceof BotIdentity,
      },
      { ...own, dependsOn: botApplication instanceof BotIdentity ? [botApplication.servicePrincipal] : [] },
    );
  const throughOwn = connections.filter(throughSignInApp);
  const forUsers = {
    tenantId,
    passwordsEnd: throughOwn.some(({ secretless }) => !secretless) ? passwordsEnd : undefined,
    federated: throughOwn.some(({ secretless }) => secretless),
  };
  const ownSignInApp =
    args.existingSignInApp === undefined && throughOwn.length > 0
      ? new SignInApp(
          `${name}-sign-in`,
          {
            ...identity,
            ...forUsers,
            displayName: args.names.signIn,
            redirectAddress: args.redirectAddress,
            declared,
          },
          own,
        )
      : undefined;
  const signInApp =
    args.existingSignInApp === undefined || throughOwn.length === 0
      ? ownSignInApp
      : new ExistingSignInApp(
          `${name}-sign-in`,
          { ...forUsers, clientId: args.existingSignInApp, credentialName: args.names.bot },
          own,
        );
  const singleSignOn =
    args.singleSignOn && ownSignInApp
      ? new SingleSignOn(`${name}-single-sign-on`, { signInApp: ownSignInApp, botAppId: botIdentity.clientId }, own)
      : undefined;
  const consent =
    args.adminConsent && ownSignInApp
      ? [
          new AdminConsent(
            `${name}-admin-consent`,
            { signInApp: ownSignInApp, apis: apisOf(throughOwn), declared: tenant.declared },
            own,
          ),
        ]
      : [];
  if (signInApp && consent.length === 0) warnOfMissingConsent(signInApp, declared, tenantId);
  for (const { name: connection, provider } of connections.filter((one) => !throughSignInApp(one))) {
    const { displayName: providerName } = providerNamed(provider)!;
    void pulumi.log.info(
      `Register ${args.redirectAddress} as redirect address of the application of ${connection} at ${providerName}: ` +
        "without it the provider refuses every sign-in.",
      own.parent,
    );
  }
  const forConnections = signInApp && ofConnections(name, signInApp, { tenantId, rotation }, own);
  return { botApplication, botProof, botIdentity, signInApp, forConnections, singleSignOn, consent };
}

/** The password that connections use, once the newest is proved: with it every sign-in is redeemed from then on. */
function ofConnections(
  name: string,
  { clientId, credentials: { passwords, uniqueIdentifier }, ...signInApp }: SignInApp | ExistingSignInApp,
  { tenantId, rotation }: Pick<IdentitiesArgs, "tenantId" | "rotation">,
  own: { readonly parent: pulumi.Resource },
): SignInAppOfConnections {
  if (passwords === undefined) return { clientId, password: undefined, uniqueIdentifier };
  const password = rotation.newest(passwords);
  const principals = "servicePrincipal" in signInApp ? [signInApp.servicePrincipal] : [];
  const proof = new PasswordProof(
    `${name}-sign-in`,
    // What every application may ask for without any permission: a token for itself would need a scope of its own.
    {
      tenantId,
      clientId,
      password,
      scope: "https://graph.microsoft.com/.default",
      ownPrincipal: principals.length > 0,
    },
    { ...own, dependsOn: principals },
  );
  return { clientId, password: rotation.used(passwords), uniqueIdentifier, proof: [proof] };
}
