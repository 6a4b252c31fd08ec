import type { Read } from "./read-value";

export interface WebApp {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly hosts: readonly string[];
  readonly state: string;
  readonly httpsOnly: boolean;
  readonly publicNetwork: boolean;
  /** The paths at which it asks for no client certificate; undefined where it asks nobody for one. */
  readonly openWithoutCertificate: readonly string[] | undefined;
  /** Id of the identity that reads Key Vault references: `SystemAssigned` or an ARM id. */
  readonly referenceIdentity: string;
  /** Whether its calls go out by a virtual network, from which it may reach what is closed to others. */
  readonly inNetwork: boolean;
  /** ARM ids of the user-assigned identities, lower case. */
  readonly identities: readonly AssignedIdentity[];
  /** Object id of the web app's own identity; undefined where it has none. */
  readonly ownIdentity: string | undefined;
  readonly runtime: string;
  readonly startCommand: string;
  readonly alwaysOn: boolean;
  readonly healthCheckPath: string | undefined;
  readonly minTlsVersion: string;
  /** Size of its plan: `B1`. */
  readonly size: Read<string | undefined>;
  /** Access rules; the one with the lowest number that fits a caller decides. */
  readonly restrictions: readonly Restriction[];
  /** The paths that App Service's own sign-in leaves open; undefined where it asks nobody to sign in. */
  readonly loginRequired: Read<readonly string[] | undefined>;
  readonly settings: Read<Readonly<Record<string, string>>>;
  readonly references: Read<readonly Reference[]>;
  /** Hash of the code in the app's folder; undefined where nothing there says one. */
  readonly deployedHash: Read<string | undefined>;
}

export interface Restriction {
  readonly name?: string;
  readonly ipAddress?: string;
  readonly action?: string;
  readonly priority?: number;
}

export interface AssignedIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
}

/** A Key Vault reference among the app settings, as App Service resolved it. */
export interface Reference {
  readonly setting: string;
  readonly status: string;
  readonly details: string;
  readonly vaultName: string;
  readonly secretName: string;
}
