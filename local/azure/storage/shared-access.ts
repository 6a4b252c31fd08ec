import { createHmac, timingSafeEqual } from "node:crypto";
import { noteTicket } from "../secrets";
import type { Delegation } from "./account-keys";
import {
  authenticationFailed,
  networkRefused,
  permissionMismatch,
  resourceTypeMismatch,
  serviceMismatch,
  signaturesNotServed,
} from "./errors";

/**
 * What a right is to a shared access signature: any one of these letters of `sp` is enough, and a signature of the whole
 * account names the kind of thing too: the service, a container or an object.
 * https://learn.microsoft.com/rest/api/storageservices/create-account-sas#account-sas-permissions-by-operation
 */
export interface SignedRight {
  readonly letters: string;
  readonly thing: "s" | "c" | "o";
}

/** What a shared access signature allows who has it. */
export interface SharedAccess {
  /** Whose delegated key signed it, who must have the right too. */
  readonly by?: string;
  demand(right: SignedRight): void;
  /** What the signature has a reading answer say of its content. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The keys with which a signature may be made. */
export interface SigningKeys {
  /** The account's own keys, base64. Throws where it takes none. */
  own(): readonly string[];
  delegated(delegation: Delegation): string;
}

/**
 * What the shared access signature of an address allows. Throws 403.
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 * https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
 */
export function sharedAccess(url: URL, accountName: string, keys: SigningKeys, now: Date): SharedAccess {
  const query = url.searchParams;
  const valueOf = (name: string): string => query.get(name) ?? "";
  refuseUnserved(query);
  const [ofAccount, by] = [query.has("ss"), query.get("skoid") ?? undefined];
  const used = by === undefined ? keys.own() : [keys.delegated(delegationOf(by, valueOf))];
  const [permissions, expiry] = [valueOf("sp"), valueOf("se")];
  const malformed = permissions === "" || Number.isNaN(Date.parse(expiry));
  if (malformed || (by !== undefined && Number.isNaN(Date.parse(valueOf("ske"))))) {
    throw authenticationFailed("Signature fields not well formed.");
  }
  const text = ofAccount
    ? accountText(accountName, valueOf)
    : serviceText(resourceOf(url, accountName, valueOf("sr")), valueOf);
  if (!isSigned(text, valueOf("sig"), used)) {
    throw authenticationFailed(`Signature did not match. String to sign used was ${text}`);
  }
  noteTicket(valueOf("sig"));
  refuseOutsideItsTime(valueOf("st"), expiry, now);
  if (by !== undefined) refuseOutsideItsTime(valueOf("skt"), valueOf("ske"), now);
  return {
    ...(by !== undefined && { by }),
    demand: ofAccount
      ? ({ letters, thing }) => {
          if (!valueOf("ss").includes("b")) throw serviceMismatch();
          if (!valueOf("srt").includes(thing)) throw resourceTypeMismatch();
          if (!hasOneOf(permissions, letters)) throw permissionMismatch();
        }
      : ({ letters, thing }) => {
          // Of a container itself it allows nothing but the list of its blobs.
          // https://github.com/Azure/azure-sdk-for-python/issues/24227
          if (thing === "s" || (thing === "c" && letters !== "l")) throw networkRefused();
          if (!hasOneOf(permissions, letters)) throw permissionMismatch();
        },
    headers: ofAccount ? {} : saidOfContent(query),
  };
}

const delegationOf = (oid: string, valueOf: ValueOf): Delegation => ({
  oid,
  tenantId: valueOf("sktid"),
  start: valueOf("skt"),
  expiry: valueOf("ske"),
  version: valueOf("skv"),
});

/** Whether an address carries a shared access signature. */
export const isSignedAddress = (url: URL): boolean => url.searchParams.has("sig");

function refuseUnserved(query: URLSearchParams): void {
  if (query.has("sduoid") || query.has("skdutid")) throw signaturesNotServed("for one user only (sduoid)");
  if (query.has("srh") || query.has("srq")) throw signaturesNotServed("of headers and query parameters (srh, srq)");
  if (query.has("si")) throw signaturesNotServed("with a stored access policy");
  if (query.has("sip")) throw signaturesNotServed("for some addresses only (sip)");
  if ((query.get("sv") ?? "") < oldestVersion) throw signaturesNotServed(`of versions before ${oldestVersion}`);
  const resource = query.get("sr");
  if (resource !== null && !["b", "c"].includes(resource)) throw signaturesNotServed(`with sr=${resource}`);
}

const oldestVersion = "2015-04-05";

type ValueOf = (name: string) => string;

const knowsScopes = (valueOf: ValueOf): boolean => valueOf("sv") >= "2020-12-06";

function accountText(accountName: string, valueOf: ValueOf): string {
  const names = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"];
  if (knowsScopes(valueOf)) names.push("ses");
  return `${[accountName, ...names.map(valueOf)].join("\n")}\n`;
}

function serviceText(resource: string, valueOf: ValueOf): string {
  return [
    ...["sp", "st", "se"].map(valueOf),
    resource,
    ...(valueOf("skoid") === "" ? ["si"] : delegationNames(valueOf("sv"))).map(valueOf),
    ...["sip", "spr", "sv"].map(valueOf),
    // The kind of resource, and the time of a snapshot.
    ...(valueOf("sv") >= "2018-11-09" ? [valueOf("sr"), ""] : []),
    ...(knowsScopes(valueOf) ? [valueOf("ses")] : []),
    ...(valueOf("skoid") !== "" && valueOf("sv") >= "2026-04-06" ? ["", ""] : []),
    ...Object.keys(contentNames).map(valueOf),
  ].join("\n");
}

/** What tells a delegated key, and for whom it signed, as versions have them. */
function delegationNames(version: string): string[] {
  const names = ["skoid", "sktid", "skt", "ske", "sks", "skv"];
  if (version >= "2020-02-10") names.push("saoid", "suoid", "scid");
  if (version >= "2025-07-05") names.push("skdutid", "sduoid");
  return names;
}

/** What an address names as a signature of this kind has it: a container, or a blob. */
function resourceOf({ pathname }: URL, accountName: string, kind: string): string {
  const parts = pathname.slice(1).split("/").map(decodeURIComponent);
  return `/blob/${accountName}/${kind === "b" ? parts.join("/") : parts[0]}`;
}

const contentNames = {
  rscc: "Cache-Control",
  rscd: "Content-Disposition",
  rsce: "Content-Encoding",
  rscl: "Content-Language",
  rsct: "Content-Type",
} as const;

function saidOfContent(query: URLSearchParams): Record<string, string> {
  const said = Object.entries(contentNames).filter(([name]) => query.has(name));
  return Object.fromEntries(said.map(([name, header]) => [header, query.get(name)!]));
}

function isSigned(text: string, signature: string, keys: readonly string[]): boolean {
  const given = Buffer.from(signature, "base64");
  return keys.some((key) => {
    const wanted = signatureOf(text, key);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
}

const signatureOf = (text: string, key: string): Buffer =>
  createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest();

/** What ARM is asked to sign, in the order of a token's parts. */
export interface ToSign {
  readonly [part: string]: string | undefined;
}

/** A token that ARM signs for a whole account. */
export function accountToken(accountName: string, parts: ToSign, key: string): string {
  const all: ToSign = { sv: oldestVersion, ...parts };
  return tokenOf(all, signatureOf(accountText(accountName, valuesOf(all)), key));
}

/** A token that ARM signs for one resource. */
export function serviceToken(resource: string, parts: ToSign, key: string): string {
  const all: ToSign = { sv: oldestVersion, ...parts };
  return tokenOf(all, signatureOf(serviceText(resource, valuesOf(all)), key));
}

const valuesOf =
  (parts: ToSign): ValueOf =>
  (name) =>
    parts[name] ?? "";

function tokenOf(parts: ToSign, signature: Buffer): string {
  const said = Object.entries(parts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [...said, ["sig", noteTicket(signature.toString("base64"))] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`)
    .join("&");
}

function refuseOutsideItsTime(start: string, expiry: string, now: Date): void {
  const [from, until] = [start === "" ? now : new Date(start), new Date(expiry)];
  if (from <= now && now < until) return;
  throw authenticationFailed(
    `Signature not valid in the specified time frame: Start [${start === "" ? "" : from.toUTCString()}] - ` +
      `Expiry [${until.toUTCString()}] - Current [${now.toUTCString()}]`,
  );
}

const hasOneOf = (permissions: string, letters: string): boolean =>
  [...letters].some((letter) => permissions.includes(letter));
