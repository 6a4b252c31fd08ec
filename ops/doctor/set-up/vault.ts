import type { Read } from "./read-value";

/** A certificate that an app setting names. */
export interface Certificate {
  readonly setting: string;
  readonly vaultName: string;
  /** Of the certificate and of its key. */
  readonly name: string;
  readonly keyUri: string;
  /** Base64url of the certificate's SHA-256. */
  readonly thumbprint: string;
  readonly vault: Read<Vault | undefined>;
  /** Its key's newest version; undefined where the vault is not there, too. */
  readonly key: Read<{ readonly keyUri: string; readonly enabled: boolean } | undefined>;
  /** Who has a role, or a policy, by which it signs with the key. */
  readonly signers: Read<RoleHolders>;
}

/** Who may do something. */
export interface RoleHolders {
  /** Object ids, lower case, those of groups included. */
  readonly ids: readonly string[];
  /** Whether a group is among them: nobody here looks up its members. */
  readonly byGroups: boolean;
}

/** A secret that an app setting names. */
export interface VaultSecret {
  readonly setting: string;
  readonly vaultName: string;
  readonly secretName: string;
  readonly version: string | undefined;
  readonly vault: Read<Vault | undefined>;
  /** Of the version that the setting names, else of the newest; undefined where the vault is not there, too. */
  readonly attributes: Read<{ readonly enabled: boolean; readonly expires: string | undefined } | undefined>;
  /** SHA-256 of its value; undefined where it has none. */
  readonly digest: Read<string | undefined>;
}

export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly byRoles: boolean;
  readonly openToAll: boolean;
  /** Whether addresses of the internet are let in by name, which may be the web app's. */
  readonly letsAddressesIn: boolean;
  /** Object ids that an access policy lets read secrets. */
  readonly readers: readonly string[];
  /** Object ids that an access policy lets sign with keys. */
  readonly signers: readonly string[];
  /** When it was put into the recycle bin; undefined where it is not in it. */
  readonly deleted: string | undefined;
  /** Who has a role by which secrets can be read. */
  readonly roleHolders: Read<RoleHolders>;
}
