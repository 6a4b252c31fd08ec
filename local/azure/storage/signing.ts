import { providerError } from "../arm/errors";
import type { Resource } from "../service";
import type { AccountKeys } from "./account-keys";
import { accountToken, serviceToken } from "./shared-access";

/** What ARM was asked to sign with an account's key. */
type Asked = Readonly<Record<string, unknown>>;

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list-account-sas */
export function signedForAccount(keys: AccountKeys, account: Resource, asked: Asked): string {
  const parts = {
    ss: required(asked, "signedServices"),
    srt: required(asked, "signedResourceTypes"),
    sp: required(asked, "signedPermission"),
    st: time(asked, "signedStart"),
    se: time({ ...asked, signedExpiry: required(asked, "signedExpiry") }, "signedExpiry"),
    sip: text(asked, "signedIp"),
    spr: text(asked, "signedProtocol"),
  };
  return accountToken(account.name, parts, keyToSign(keys, account, asked));
}

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list-service-sas */
export function signedForService(keys: AccountKeys, account: Resource, asked: Asked): string {
  const parts = {
    sr: text(asked, "signedResource"),
    st: time(asked, "signedStart"),
    se: time(asked, "signedExpiry"),
    sp: text(asked, "signedPermission"),
    si: text(asked, "signedIdentifier"),
    sip: text(asked, "signedIp"),
    spr: text(asked, "signedProtocol"),
    rscc: text(asked, "rscc"),
    rscd: text(asked, "rscd"),
    rsce: text(asked, "rsce"),
    rscl: text(asked, "rscl"),
    rsct: text(asked, "rsct"),
  };
  return serviceToken(required(asked, "canonicalizedResource"), parts, keyToSign(keys, account, asked));
}

function keyToSign(keys: AccountKeys, account: Resource, asked: Asked): string {
  const name = text(asked, "keyToSign") ?? "key1";
  const key = keys.of(account).find(({ keyName }) => keyName === name);
  if (!key) throw valueInvalid("keyToSign", name);
  return key.value;
}

const text = (asked: Asked, name: string): string | undefined => {
  const value = asked[name];
  return typeof value === "string" ? value : undefined;
};

/** To the second, as a token has it. */
function time(asked: Asked, name: string): string | undefined {
  const said = text(asked, name);
  if (said === undefined) return undefined;
  if (Number.isNaN(Date.parse(said))) throw valueInvalid(name, said);
  return `${new Date(said).toISOString().slice(0, 19)}Z`;
}

function required(asked: Asked, name: string): string {
  const said = text(asked, name);
  if (said === undefined) throw valueInvalid(name, "");
  return said;
}

/** assumed: no source shows the words for a key that an account does not have. */
export const valueInvalid = (name: string, value: string): Error =>
  providerError(
    400,
    "InvalidValuesForRequestParameters",
    `Values for request parameters are invalid: ${name} ('${value}').`,
  );
