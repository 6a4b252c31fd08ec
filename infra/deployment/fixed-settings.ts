import type { BotIdentityKind } from "../settings/environment";

/** What the settings that cannot be changed in place came to. */
export interface FixedSettings {
  readonly location: string;
  readonly residency: string;
  readonly botHandle: string;
  readonly tenant: string;
  readonly identity: string;
}

/**
 * What of the identity is fixed: an application stays the same bot whatever it proves itself with.
 * @returns `secret` for any application, as states have it from the beginning
 */
export function fixedIdentity(identity: BotIdentityKind): string {
  return identity === "managed" ? "managed" : "secret";
}

/** The property that hangs on each setting and that Azure never changes, and what a replacement would take from users. */
const properties: Readonly<Record<keyof FixedSettings, string>> = {
  location:
    "location of the vault (Microsoft.KeyVault/vaults) and of the storage account (Microsoft.Storage/storageAccounts), " +
    "with all conversations in it",
  residency: "location of the bot (Microsoft.BotService/botServices), with all sign-ins of its users",
  botHandle: "name of the bot (Microsoft.BotService/botServices), with all sign-ins of its users",
  tenant:
    "msaAppTenantId of the bot (Microsoft.BotService/botServices) and tenantId of the vault (Microsoft.KeyVault/vaults)",
  identity:
    "msaAppType and msaAppId of the bot (Microsoft.BotService/botServices), with all sign-ins of its users and their " +
    "chats with it in Teams",
};

/** A setting whose change is refused, and why. */
export interface RefusedChange {
  readonly setting: keyof FixedSettings;
  readonly reason: string;
}

/**
 * The changes that only a replacement can bring about.
 * @param before as deployed
 * @param wanted what is not known yet is left out
 */
export function refusedChanges(
  before: Partial<FixedSettings>,
  wanted: Partial<FixedSettings>,
  stack: string,
): RefusedChange[] {
  const ways = ["config set protect false", "up", "config rm protect", "up"].map(
    (way) => `pulumi ${way} --stack ${stack}`,
  );
  return (Object.keys(properties) as (keyof FixedSettings)[]).flatMap((setting) => {
    const [was, will] = [before[setting], wanted[setting]];
    if (was === undefined || will === undefined || was === will) return [];
    const reason =
      `${setting} cannot change from ${was} to ${will}: it is the ${properties[setting]}. Azure never changes that, so ` +
      "it would be deleted and made anew, and the setting protect forbids it. Take the change back; or, where users may " +
      `lose this: ${ways.join(", ")}.`;
    return [{ setting, reason }];
  });
}
