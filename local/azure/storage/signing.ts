import { providerError } from "../arm/errors";
import type { Resource } from "../service";
import type { AccountKeys } from "./account-keys";
import { accountToken, serviceToken, type ToSign } from "./shared-access";

/** What ARM was asked to sign with an account's key. */
type Asked = Readonly<Record<string, unknown>>;

/** What ARM calls each part of a token, in the order in which a token has them. */
const accountParts = {
  ss: "signedServices",
  srt: "signedResourceTypes",
  sp: "signedPermission",
  st: "signedStart",
  se: "signedExpiry",
  sip: "signedIp",
  spr: "signedProtocol",
};
const serviceParts = {
  sr: "signedResource",
  st: "signedStart",
  se: "signedExpiry",
  sp: "signedPermission",
  si: "signedIdentifier",
  sip: "signedIp",
  spr: "signedProtocol",
  rscc: "rscc",
  rscd: "rscd",
  rsce: "rsce",
  rscl: "rscl",
  rsct: "rsct",
};

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list-account-sas */
export function signedForAccount(keys: AccountKeys, account: Resource, asked: Asked): string {
  for (const part of ["ss", "srt", "sp", "se"] as const) required(asked, accountParts[part]);
  return accountToken(account.name, partsOf(asked, accountParts), keyToSign(keys, account, asked));
}

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/list-service-sas */
export function signedForService(keys: AccountKeys, account: Resource, asked: Asked): string {
  const resource = required(asked, "canonicalizedResource");
  return serviceToken(resource, partsOf(asked, serviceParts), keyToSign(keys, account, asked));
}

const partsOf = (asked: Asked, names: Readonly<Record<string, string>>): ToSign =>
  Object.fromEntries(
    Object.entries(names).map(([part, name]) => [
      part,
      ["st", "se"].includes(part) ? time(asked, name) : text(asked, name),
    ]),
  );

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
