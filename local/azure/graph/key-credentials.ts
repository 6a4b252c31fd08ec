import { createHash, randomUUID } from "node:crypto";
import { type Application, certificateIn, type KeyCredential } from "../entra/application";
import type { DirectoryStore } from "../entra/directory-store";
import { iso } from "../entra/instant";
import { refuseCertificate } from "./app-management";
import type { WantedKey } from "./directory-bodies";
import { refusals } from "./errors";

/**
 * An application's certificates after a request has named all that it wants: one that is there already by its id, without its
 * key, and new ones with theirs. Which replicas know a new one is another question.
 * https://learn.microsoft.com/graph/applications-how-to-add-certificate
 */
export function keysAfter(
  directory: DirectoryStore,
  application: Application,
  wanted: readonly WantedKey[],
): KeyCredential[] {
  const kept = application.keyCredentials;
  const after = wanted.map((one) => {
    const known = kept.find(({ keyId }) => keyId === one.keyId);
    if (!known) return newKey(one);
    // recorded: https://github.com/Azure/azure-powershell/issues/6855
    if (one.key && one.key !== known.key) throw refusals.keyChanged(known.keyId);
    return known;
  });
  for (const one of after.filter((key) => !kept.includes(key))) {
    refuseCertificate(directory, application, one);
    directory.spreadKey(one.keyId);
  }
  return after;
}

function newKey({ keyId, displayName, customKeyIdentifier, key, type, usage, ...dates }: WantedKey): KeyCredential {
  if (type !== "AsymmetricX509Cert" || !/^verify$/i.test(usage ?? "") || !key) throw refusals.keyInvalid();
  const certificate = readCertificate(key);
  const start = new Date(dates.startDateTime ?? certificate.validFrom);
  const end = new Date(dates.endDateTime ?? certificate.validTo);
  // recorded: https://github.com/Azure/azure-rest-api-specs/issues/11985
  if (end > new Date(certificate.validTo) || end <= start) throw refusals.keyEndInvalid();
  return {
    keyId: keyId ?? randomUUID(),
    type,
    usage: "Verify",
    displayName: displayName ?? certificate.subject.split("\n")[0]!,
    startDateTime: iso(start),
    endDateTime: iso(end),
    customKeyIdentifier: customKeyIdentifier ?? createHash("sha1").update(certificate.raw).digest("hex").toUpperCase(),
    key,
  };
}

function readCertificate(key: string): ReturnType<typeof certificateIn> {
  try {
    return certificateIn(key);
  } catch {
    throw refusals.keyInvalid();
  }
}

/** Certificates as an answer shows them: their keys only to whoever selects the property. */
export function shownKeys(url: URL, keys: readonly KeyCredential[]): KeyCredential[] {
  const selected = (url.searchParams.get("$select") ?? "").split(",").includes("keyCredentials");
  return keys.map((one) => (selected ? one : { ...one, key: null }));
}
