import { day } from "../../../contract/time";
import type { Azure, Claims, Resource } from "../service";
import type { AccountKeys } from "./account-keys";
import { invalidXmlValue } from "./errors";

/** Days for which a key is delegated at most. */
const longestDays = 7;

/**
 * Gives a caller whom Entra ID knows a key with which to sign addresses in the account's stead.
 * https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
 * recorded: azure-sdk-for-js storage-blob getUserDelegationKey
 */
export async function delegate(
  azure: Azure,
  request: Request,
  account: Resource,
  caller: Claims,
  keys: AccountKeys,
): Promise<Response> {
  const body = await request.text();
  const now = azure.clock.now();
  const read = (name: string): Date => {
    const value = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? "";
    if (Number.isNaN(Date.parse(value))) throw invalidXmlValue(name, value);
    return new Date(value);
  };
  const expiry = read("Expiry");
  const start = body.includes("<Start>") ? read("Start") : now;
  const longest = now.getTime() + longestDays * day;
  if (expiry <= start || expiry <= now || expiry.getTime() > longest) {
    throw invalidXmlValue("Expiry", expiry.toISOString());
  }
  const delegation = {
    oid: caller.oid,
    tenantId: caller.tid,
    start: toTheSecond(start),
    expiry: toTheSecond(expiry),
    version: request.headers.get("x-ms-version") ?? "2020-02-10",
  };
  const parts = {
    SignedOid: delegation.oid,
    SignedTid: delegation.tenantId,
    SignedStart: delegation.start,
    SignedExpiry: delegation.expiry,
    SignedService: "b",
    SignedVersion: delegation.version,
    Value: keys.delegated(account, delegation),
  };
  const xml = Object.entries(parts).map(([name, value]) => `<${name}>${value}</${name}>`);
  return new Response(`<?xml version="1.0" encoding="utf-8"?><UserDelegationKey>${xml.join("")}</UserDelegationKey>`, {
    headers: { "Content-Type": "application/xml" },
  });
}

const toTheSecond = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
