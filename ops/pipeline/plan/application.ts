import { shellWord } from "../../../cli/shell-word";
import { type Permission, graph } from "../../azure/graph-permissions";
import { compareCredentials } from "../../git-hub/federated-credential";
import type { Part } from "../part";
import type { FoundIdentity } from "../read";
import { type WantedIdentity, environmentMadeTag } from "../wanted";
import { applicationName } from "./names";

/** The application of an identity, with its service principal. */
export function applicationPart(
  identity: WantedIdentity,
  { application, principalId, environment }: FoundIdentity,
): Part {
  const { name, displayName, tag } = identity;
  const part = { where: "Entra", what: applicationName(name) } as const;
  if (!application) {
    const tags = [tag, ...(environment ? [] : [environmentMadeTag])];
    return { ...part, found: "missing", step: { do: "application", identity: name, displayName, tags } };
  }
  if (principalId === undefined) {
    return {
      ...part,
      found: "differs",
      because: "it has no service principal",
      step: { do: "principal", identity: name },
    };
  }
  return { ...part, found: "there", because: application.appId };
}

/** Entra trusts exactly the subject that GitHub sends: with ids where GitHub puts them, and only then. */
export function credentialParts(identity: WantedIdentity, { application, credentials }: FoundIdentity): Part[] {
  const { name, credential } = identity;
  const after = [applicationName(name)];
  const part = { where: "Entra", what: `${name} trusts ${credential.subject}` } as const;
  const { trusting, differs } = compareCredentials(name, credential, credentials);
  const ofName = credentials.find((one) => one.name === credential.name);
  const others = credentials
    .filter((one) => one !== trusting && (trusting !== undefined || one !== ofName))
    .map((one): Part => ({
      where: "Entra",
      what: `${name} trusts ${one.subject} as well`,
      found: "extra",
      because: one.issuer,
      fix: `az ad app federated-credential delete --id ${application?.appId} --federated-credential-id ${shellWord(one.name)}`,
    }));
  if (trusting) return [{ ...part, found: "there" }, ...others];
  const step = { do: "credential", identity: name, credential, ...(ofName && { id: ofName.id }) } as const;
  const because = ofName ? { because: `${ofName.name} trusts ${differs || `the subject ${ofName.subject}`}` } : {};
  return [{ ...part, found: ofName ? "differs" : "missing", ...because, after, step }, ...others];
}

/** What an identity may do at Microsoft Graph. */
export function permissionParts(identity: WantedIdentity, { application, permissions }: FoundIdentity): Part[] {
  const { name } = identity;
  const registered = (application?.requiredResourceAccess ?? [])
    .filter(({ resourceAppId }) => resourceAppId === graph)
    .flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id));
  const part = (permission: Permission): Part => {
    const granted = permissions.includes(permission.id);
    const what = `${name} may ${permission.name} at Microsoft Graph`;
    if (granted && registered.includes(permission.id)) return { where: "Entra", what, found: "there" };
    return {
      where: "Entra",
      what,
      found: granted ? "differs" : "missing",
      ...(granted && { because: "granted, but its application does not say that it wants it" }),
      after: [applicationName(name)],
      step: { do: "permission", identity: name, permission },
    };
  };
  const more = permissions.filter((id) => !identity.permissions.some((one) => one.id === id));
  return [
    ...identity.permissions.map(part),
    ...more.map((id): Part => ({
      where: "Entra",
      what: `${name} has the permission ${id} at Microsoft Graph as well`,
      found: "extra",
      fix: `az ad app permission list-grants --id ${application?.appId}`,
    })),
  ];
}
