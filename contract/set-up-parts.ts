/**
 * What a set-up is made of, as far as a reader can tell: of whatever it cannot see there is none, or the field is absent. Ids are
 * ARM's, in any case, so that a child's says whose it is. Nothing in it is secret but what stands in an app setting.
 */
export interface SetUpParts {
  readonly channels: readonly Channel[];
  readonly bots: readonly Bot[];
  readonly connections: readonly OAuthConnection[];
  readonly applications: readonly EntraApplication[];
  readonly webApps: readonly WebApp[];
  readonly plans: readonly Plan[];
  readonly identities: readonly ManagedIdentity[];
  readonly vaults: readonly Part[];
  readonly secrets: readonly Secret[];
  readonly containers: readonly BlobContainer[];
  readonly workspaces: readonly Part[];
  readonly roleAssignments: readonly RoleAssignment[];
  readonly diagnosticSettings: readonly DiagnosticSetting[];
}

export interface Part {
  readonly id: string;
  readonly name: string;
}

export interface Channel extends Part {
  /** Those that are switched on. */
  readonly sites: readonly ChannelSite[];
}

export interface ChannelSite {
  readonly name: string;
  /** Whether only pages of the trusted origins may chat. */
  readonly secure: boolean;
  readonly trustedOrigins: readonly string[];
}

export interface Bot extends Part {
  readonly size: string;
  readonly endpoint: string;
  /** Of its application, or of the managed identity that it is. */
  readonly clientId: string;
}

export interface OAuthConnection extends Part {
  /** Display name, as Bot Service lists it. */
  readonly provider: string;
  readonly clientId: string;
  /** Space separated. */
  readonly scopes: string;
  readonly parameters: readonly ConnectionParameter[];
}

export interface ConnectionParameter {
  readonly key: string;
  readonly value?: string | null;
}

export interface EntraApplication {
  readonly clientId: string;
  readonly name: string;
  /** Days on which its passwords end. */
  readonly secretsEnd?: readonly string[];
  readonly redirectAddresses: readonly string[];
  readonly access: readonly ApiAccess[];
}

/** What an application declares of one API. */
export interface ApiAccess {
  /** Client id of the API. */
  readonly id: string;
  readonly api: string;
  /** Values of the permissions, or their ids. */
  readonly scopes: readonly string[];
  /** Who has consented: everyone, or how many persons. */
  readonly consent?: "everyone" | number;
}

export interface WebApp extends Part {
  readonly host: string;
  /** `NODE|24-lts` */
  readonly runtime: string;
  readonly state?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly planId: string;
  readonly identityIds: readonly string[];
  readonly settings: readonly (readonly [name: string, value: string])[];
}

export interface Plan extends Part {
  readonly size: string;
}

export interface ManagedIdentity extends Part {
  readonly clientId: string;
  readonly principalId: string;
}

export interface Secret extends Part {
  /** A day. */
  readonly ends?: string;
  readonly disabled?: boolean;
}

export interface BlobContainer extends Part {
  readonly account: string;
}

export interface RoleAssignment {
  readonly principalId: string;
  readonly scope: string;
  /** Its name, where it is known. */
  readonly role?: string | undefined;
}

export interface DiagnosticSetting {
  /** The resource whose logs it sends. */
  readonly of: string;
  readonly workspaceId: string;
}
