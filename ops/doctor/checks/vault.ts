import { assignRole } from "../../azure/roles";
import { deploying } from "../../pulumi/deploying";
import { isMissing, valueOf } from "../set-up/read-value";
import type { Reference, WebApp } from "../set-up/web-app";
import type { RoleHolders, Vault, VaultSecret } from "../set-up/vault";
import type { SetUp } from "../set-up";
import { inGroup, type Seen } from "./check";

/** Object ids of the identities with which the web app reads its secrets: references by one, the code by any. */
function readersOf(app: WebApp): string[] {
  return [app.ownIdentity, ...app.identities.map(({ principalId }) => principalId)].flatMap((id) =>
    id ? [id.toLowerCase()] : [],
  );
}

const ofSecrets = (
  look: (secret: VaultSecret, setUp: SetUp, reference: Reference | undefined) => Iterable<Omit<Seen, "about">>,
) =>
  function* (setUp: SetUp): Iterable<Seen> {
    const app = valueOf(setUp.webApp);
    const references = (app && valueOf(app.references)) ?? [];
    for (const secret of setUp.secrets) {
      const reference = references.find(({ setting }) => setting === secret.setting);
      for (const seen of look(secret, setUp, reference)) yield { ...seen, about: secret.setting };
    }
  };

/**
 * Whether nobody of some has a role. Who it is that a group has in it, nobody here looks up: it counts where the bot is unwell.
 * @param holders undefined where they could not be read
 */
function lacksRole(who: readonly string[], holders: RoleHolders | undefined, unwell: boolean): boolean {
  if (!holders || who.length === 0 || who.some((one) => holders.ids.includes(one))) return false;
  return !holders.byGroups || unwell;
}

/** Whether the bot says that it is not well, or says nothing. */
const isUnwell = (health: SetUp["health"]): boolean =>
  health?.found !== "health" || health.health.checks.some(({ ok }) => !ok);

const at = ({ setting, vaultName, secretName }: VaultSecret): string =>
  `${vaultName}/secrets/${secretName} (${setting})`;

/**
 * How something of the vault is made that is gone for good.
 * @param byHand the command that makes it where no stack does
 */
function remake({ stack }: SetUp, byHand: string): string {
  return stack === undefined
    ? `make it anew: ${byHand}`
    : `make it anew: npm run drift -- ${stack}, then ${deploying(stack)}`;
}

const openVault =
  "az keyvault update --name <vault> --public-network-access Enabled --default-action Allow, or a private endpoint (examples/private-endpoint)";

const correctReference =
  "Correct the reference: @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<name>)";

/** Whether the settings hand the vault in, so that no deployment of theirs opens it. */
const isHandedIn = ({ id }: Vault, wanted: SetUp["wanted"]): boolean =>
  wanted?.existingVault?.toLowerCase() === id.toLowerCase();

const openAccount = (id: string): string =>
  `az storage account update --ids ${id} --default-action Allow --public-network-access Enabled, or let the web app's network in`;

/** The vault and the secrets that app settings name, and the state of the turns. */
export const vaultChecks = inGroup("Vault and state", [
  {
    code: "vault-deleted",
    what: "The vault with the bot's secrets was deleted",
    fix: "az keyvault recover --name <vault>",
    mendedByUp: false,
    *look({ secrets, identity }) {
      const told = new Set<string>();
      for (const { vault, vaultName } of [...secrets, ...identity.certificates]) {
        const deleted = valueOf(vault)?.deleted;
        if (deleted === undefined || told.has(vaultName)) continue;
        told.add(vaultName);
        yield {
          where: vaultName,
          evidence: `in the recycle bin since ${deleted}`,
          fix: `az keyvault recover --name ${vaultName}`,
        };
      }
    },
  },
  {
    code: "vault-missing",
    what: "There is no vault of the name that an app setting says",
    fix: correctReference,
    mendedByUp: true,
    look: ofSecrets(function* (secret, _setUp, reference) {
      // A vault of another subscription resolves all the same.
      if (isMissing(secret.vault) && reference?.status !== "Resolved")
        yield { where: at(secret), evidence: `the subscription has no vault ${secret.vaultName}` };
    }),
  },
  {
    code: "reference-secret-missing",
    what: "The vault has no such secret: the bot gets the text of the reference in its place",
    fix: "az keyvault secret recover --vault-name <vault> --name <secret>, or az keyvault secret set makes it anew",
    mendedByUp: false,
    look: ofSecrets(function* (secret, setUp, reference) {
      if (!valueOf(secret.vault) || valueOf(secret.vault)?.deleted) return;
      const gone = /^Secret(Version)?NotFound$/.test(reference?.status ?? "");
      if (isMissing(secret.attributes) || gone)
        yield {
          where: at(secret),
          evidence: reference ? `${reference.status}: ${reference.details}` : "the vault has no secret of that name",
          fix:
            `Where it lies in the vault's bin: az keyvault secret recover --vault-name ${secret.vaultName} --name ${secret.secretName}. ` +
            `Else correct the name in the reference, or ${remake(setUp, "az keyvault secret set")}`,
        };
    }),
  },
  {
    code: "reference-secret-disabled",
    what: "The secret is switched off in the vault: the bot does not get it",
    fix: "az keyvault secret set-attributes --vault-name <vault> --name <secret> --enabled true",
    mendedByUp: true,
    look: ofSecrets(function* (secret) {
      const { vaultName, secretName, version } = secret;
      if (valueOf(secret.attributes)?.enabled === false)
        yield {
          where: at(secret),
          evidence: `enabled is false${version === undefined ? "" : ` of its version ${version}`}, expected true`,
          fix: `az keyvault secret set-attributes --vault-name ${vaultName} --name ${secretName}${version === undefined ? "" : ` --version ${version}`} --enabled true`,
        };
    }),
  },
  {
    code: "reference-secret-expired",
    what: "The secret in the vault has passed its end",
    fix: "az keyvault secret set --vault-name <vault> --name <secret> --expires <date>",
    mendedByUp: false,
    follows: ["bot-secret-expired"],
    look: ofSecrets(function* (secret, { now, stack }) {
      const expires = valueOf(secret.attributes)?.expires;
      if (expires !== undefined && Date.parse(expires) <= now.getTime())
        yield {
          where: at(secret),
          evidence: `it ended on ${expires}`,
          ...(stack === undefined ? {} : { fix: `npm run rotate -- ${stack}` }),
        };
    }),
  },
  {
    code: "reference-identity",
    what: "The web app has no identity with which it could read its Key Vault references",
    fix: "az webapp update --ids <web app> --set keyVaultReferenceIdentity=<identity>",
    mendedByUp: true,
    *look({ webApp }) {
      const app = valueOf(webApp);
      const references = (app && valueOf(app.references)) ?? [];
      if (!app || references.length === 0) return;
      const named = app.referenceIdentity.toLowerCase();
      const there =
        named === "systemassigned" ? app.ownIdentity !== undefined : app.identities.some(({ id }) => id === named);
      if (!there)
        yield {
          where: `${app.id} keyVaultReferenceIdentity`,
          evidence: `${app.referenceIdentity}, which the web app does not have`,
        };
    },
  },
  {
    code: "reference-role-missing",
    what: "The web app's identity may not read the vault: the bot does not get its secrets",
    fix: assignRole("<identity>", "Key Vault Secrets User", "<vault>"),
    mendedByUp: true,
    follows: ["reference-identity", "vault-deleted", "reference-vault-network"],
    *look({ secrets, webApp, health }) {
      const app = valueOf(webApp);
      if (!app) return;
      const references = valueOf(app.references) ?? [];
      const told = new Set<string>();
      for (const secret of secrets) {
        const vault = valueOf(secret.vault);
        if (!vault || vault.deleted !== undefined || told.has(vault.id)) continue;
        // App Service says "denied" of a secret that is switched off, too.
        if (valueOf(secret.attributes)?.enabled === false) continue;
        const reference = references.find(({ setting }) => setting === secret.setting);
        const holders = vault.byRoles ? valueOf(vault.roleHolders) : { ids: vault.readers, byGroups: false };
        const readers = readersOf(app);
        // A role may come from a group: what App Service got counts.
        const denied = /^(AccessToKeyVaultDenied|UnauthorizedClient)$/.test(reference?.status ?? "");
        const lacks = reference
          ? reference.status !== "Resolved" && lacksRole(readers, holders, true)
          : lacksRole(readers, holders, isUnwell(health));
        if (!denied && !lacks) continue;
        told.add(vault.id);
        const who =
          app.identities.find(({ id }) => id === app.referenceIdentity.toLowerCase())?.principalId ?? readers[0];
        yield {
          where: vault.id,
          evidence: denied
            ? `${secret.setting}: ${reference!.status}`
            : `no identity of ${app.name} has a role or policy that reads its secrets`,
          ...(who && {
            fix: vault.byRoles
              ? assignRole(who, "Key Vault Secrets User", vault.id)
              : `az keyvault set-policy --name ${vault.name} --object-id ${who} --secret-permissions get`,
          }),
        };
      }
    },
  },
  {
    code: "reference-vault-network",
    what: "The vault takes calls from its own networks only, and App Service's references come from elsewhere",
    fix: openVault,
    mendedByUp: true,
    follows: ["vault-deleted"],
    *look({ secrets, webApp, wanted }) {
      const app = valueOf(webApp);
      const references = (app && valueOf(app.references)) ?? [];
      const told = new Set<string>();
      for (const secret of secrets) {
        const vault = valueOf(secret.vault);
        const reference = references.find(({ setting }) => setting === secret.setting);
        if (!vault || vault.openToAll || told.has(vault.id) || !reference || reference.status === "Resolved") continue;
        told.add(vault.id);
        yield {
          where: vault.id,
          evidence: `its network is closed, and ${secret.setting} is not resolved: ${reference.status}`,
          ofOthers: isHandedIn(vault, wanted),
        };
      }
    },
  },
  {
    code: "vault-network",
    what: "The vault takes calls from its own networks only, and the bot, which reads there itself, is in none",
    fix: openVault,
    mendedByUp: true,
    follows: ["vault-deleted", "reference-vault-network"],
    *look({ secrets, identity, webApp, health, wanted }) {
      const app = valueOf(webApp);
      const references = (app && valueOf(app.references)) ?? [];
      const byCode = secrets.filter(({ setting }) => !references.some((one) => one.setting === setting));
      const told = new Set<string>();
      for (const { setting, vault: read } of [...byCode, ...identity.certificates]) {
        const vault = valueOf(read);
        if (!app || !vault || vault.openToAll || told.has(vault.id)) continue;
        // From a network, or from an address that is let in, the bot may reach it: its own word counts.
        const mayReach = app.inNetwork || vault.letsAddressesIn;
        if (mayReach && !isUnwell(health)) continue;
        told.add(vault.id);
        yield {
          where: vault.id,
          evidence: `its network is closed, ${app.name} ${app.inNetwork ? "does not get in" : "is in no network"}, and the code uses ${setting}`,
          ofOthers: isHandedIn(vault, wanted),
        };
      }
    },
  },
  {
    code: "certificate-missing",
    what: "The vault has not got the bot's certificate: the bot cannot prove itself, and answers nobody",
    fix: "az keyvault certificate recover --vault-name <vault> --name <certificate>, where it lies in the vault's bin",
    mendedByUp: false,
    follows: ["vault-deleted"],
    *look(setUp) {
      for (const { setting, vault, vaultName, name, key } of setUp.identity.certificates) {
        if (valueOf(vault) && isMissing(key))
          yield {
            where: `${vaultName}/certificates/${name} (${setting})`,
            evidence: "the vault has no key of that name",
            fix:
              `Where it lies in the vault's bin: az keyvault certificate recover --vault-name ${vaultName} --name ${name}. ` +
              `Else ${remake(setUp, `az ad app credential reset --id ${setUp.identity.clientId} --append --keyvault ${vaultName} --cert ${name} --create-cert`)}`,
            about: setting,
          };
      }
    },
  },
  {
    code: "certificate-disabled",
    what: "The bot's certificate is switched off in the vault: the bot cannot prove itself with it",
    fix: "az keyvault certificate set-attributes --vault-name <vault> --name <certificate> --enabled true",
    mendedByUp: false,
    *look({ identity }) {
      for (const { setting, vaultName, name, keyUri, key } of identity.certificates) {
        const newest = valueOf(key);
        if (newest?.enabled === false && newest.keyUri.toLowerCase() === keyUri.toLowerCase())
          yield {
            where: `${vaultName}/certificates/${name} (${setting})`,
            evidence: "enabled is false, expected true",
            fix: `az keyvault certificate set-attributes --vault-name ${vaultName} --name ${name} --enabled true`,
            about: setting,
          };
      }
    },
  },
  {
    code: "certificate-role-missing",
    what: "The web app's identity may not sign with the key of the bot's certificate: the bot cannot prove itself",
    fix: assignRole("<identity>", "Key Vault Crypto User", "<key>"),
    mendedByUp: true,
    follows: ["vault-deleted", "certificate-missing"],
    *look({ identity, webApp, health }) {
      const app = valueOf(webApp);
      const [who] = app ? readersOf(app) : [];
      if (!app || who === undefined) return;
      for (const { setting, vault: read, name, key, signers } of identity.certificates) {
        const vault = valueOf(read);
        if (!vault || !valueOf(key) || !lacksRole(readersOf(app), valueOf(signers), isUnwell(health))) continue;
        yield {
          where: `${vault.id}/keys/${name}`,
          evidence: `no identity of ${app.name} has a role or policy by which it signs with it (${setting})`,
          fix: vault.byRoles
            ? assignRole(who, "Key Vault Crypto User", `${vault.id}/keys/${name}`)
            : `az keyvault set-policy --name ${vault.name} --object-id ${who} --key-permissions get sign`,
          about: setting,
        };
      }
    },
  },
  {
    code: "reference-unresolved",
    what: "App Service does not resolve a Key Vault reference: the bot gets its text in the secret's place",
    fix: "az rest --method post --url <web app>/config/configreferences/appsettings/refresh?api-version=2022-03-01, after the cause is gone",
    mendedByUp: true,
    follows: [
      "vault-deleted",
      "vault-missing",
      "reference-secret-missing",
      "reference-secret-disabled",
      "reference-secret-expired",
      "reference-identity",
      "reference-role-missing",
      "reference-vault-network",
    ],
    *look({ webApp }) {
      const app = valueOf(webApp);
      for (const { setting, status, details } of (app && valueOf(app.references)) ?? []) {
        if (status === "Resolved" || status === "Initialized") continue;
        const seen = { where: `${app!.id} ${setting}`, evidence: `${status}: ${details}`, about: setting };
        yield status === "InvalidSyntax" ? { ...seen, fix: correctReference } : seen;
      }
    },
  },
  {
    code: "turn-state-missing",
    what: "The storage of the bot's state is not there: no sign-in can be finished",
    fix: "az storage container create --account-name <account> --name <container> --auth-mode login",
    mendedByUp: true,
    *look({ state }) {
      if (!state) return;
      const account = valueOf(state.account);
      if (isMissing(state.account))
        yield { where: state.url, evidence: "the subscription has no such storage account" };
      else if (account && valueOf(account.container) === false)
        yield { where: state.url, evidence: "the account has no such container" };
    },
  },
  {
    code: "turn-state-role-missing",
    what: "The web app's identity may not write the bot's state: no sign-in can be finished",
    fix: assignRole("<identity>", "Storage Blob Data Contributor", "<container>"),
    mendedByUp: true,
    follows: ["turn-state-missing"],
    *look({ state, webApp, health }) {
      const app = valueOf(webApp);
      const account = state && valueOf(state.account);
      if (app && account && lacksRole(readersOf(app), valueOf(state.writers), isUnwell(health)))
        yield {
          where: account.id,
          evidence: `no identity of ${app.name} has a role that writes ${state.url}`,
        };
    },
  },
  {
    code: "turn-state-storage-network",
    what: "The storage of the bot's state takes calls from its own networks only",
    fix: openAccount("<account>"),
    mendedByUp: false,
    follows: ["turn-state-missing"],
    *look({ state, health }) {
      const account = state && valueOf(state.account);
      // A web app in a network of its own reaches a closed account all the same: the bot's own word counts.
      const fails = health?.found !== "health" || health.health.checks.some(({ name, ok }) => name === "state" && !ok);
      if (account && !account.openToAll && fails)
        yield { where: account.id, evidence: "its network is closed", fix: openAccount(account.id) };
    },
  },
]);
