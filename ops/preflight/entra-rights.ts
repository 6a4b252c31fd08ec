import { type DirectoryRole, directoryRoles, type EntraNeed, entraNeeds, graph } from "../azure/graph-permissions";
import type { Finding } from "./finding";
import type { Claims } from "../azure/sign-in";

/** What a deployment does in Entra besides registering its applications. */
export interface EntraWork {
  /** It consents for everyone. */
  readonly adminConsent: boolean;
  /** It is a preview, which is taken down with a receipt. */
  readonly preview: boolean;
  /** The tenant lets everybody register applications, or nobody without a role; undefined where it was not told. */
  readonly everybodyRegisters?: boolean | undefined;
  /** Applications of others that get a password: the one through which users sign in, the one that the bot is. */
  readonly givenPasswords?: readonly GivenPassword[];
}

interface GivenPassword {
  readonly clientId: string;
  /** Their object ids; or why they are not known. */
  readonly owners: readonly string[] | string;
}

/** Holds what is done in Entra against what the token for Microsoft Graph says. Pure. */
export function entraRights(deployer: Claims, work: EntraWork): Finding[] {
  const { givenPasswords = [] } = work;
  return [
    ...entraNeeds(work).map((need) => findingOf(need, deployer, work)),
    ...givenPasswords.map((application) => givingPassword(deployer, application)),
  ];
}

/** An owner may always; nobody else without a right over all applications. */
function givingPassword(deployer: Claims, { clientId, owners }: GivenPassword): Finding {
  const what = `Entra: give the application ${clientId} a password`;
  if (typeof owners !== "string" && owners.includes(deployer.oid)) return { what, state: "held", because: "owner" };
  const roles = [
    "Application Administrator",
    "Cloud Application Administrator",
    "Global Administrator",
  ] as const satisfies readonly DirectoryRole[];
  const permissions = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];
  const because =
    roles.find((name) => deployer.wids?.includes(directoryRoles[name])) ??
    permissions.find((name) => deployer.roles?.includes(name));
  if (because) return { what, state: "held", because };
  const fix = `az ad app owner add --id ${clientId} --owner-object-id ${deployer.oid}`;
  if (typeof owners === "string") return { what, state: "unsure", because: owners, fix };
  return { what, state: "missing", because: "you are not its owner", fix };
}

function findingOf(need: EntraNeed, deployer: Claims, { everybodyRegisters }: EntraWork): Finding {
  const { what } = need;
  const role = need.roles.find((name) => deployer.wids?.includes(directoryRoles[name]));
  if (role) return { what, state: "held", because: role };
  const permission = need.permissions.find((name) => deployer.roles?.includes(name));
  if (permission) return { what, state: "held", because: permission };
  if (deployer.scp !== undefined) {
    const fix = assignRole(need.role, deployer.oid);
    if (need.everybody && everybodyRegisters)
      return { what, state: "held", because: "the tenant lets every user do it" };
    return need.everybody && everybodyRegisters === undefined
      ? { what, state: "unsure", because: "no role, but most tenants let every user do it; where yours does not", fix }
      : { what, state: "missing", because: need.roles.join(" or "), fix };
  }
  return { what, state: "missing", because: need.permission.name, fix: addPermission(need, deployer.appid) };
}

/** https://learn.microsoft.com/cli/azure/ad/app/permission */
function addPermission({ permission }: EntraNeed, application = "$ARM_CLIENT_ID"): string {
  const add = `az ad app permission add --id ${application} --api ${graph} --api-permissions ${permission.id}=Role`;
  return `${add} && az ad app permission admin-consent --id ${application}`;
}

/** https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments */
function assignRole(role: DirectoryRole, principalId: string): string {
  const body = JSON.stringify({ principalId, roleDefinitionId: directoryRoles[role], directoryScopeId: "/" });
  return `az rest --method post --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments --body '${body}'`;
}
