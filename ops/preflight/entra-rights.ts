import type { Finding } from "./finding";
import type { Claims } from "../azure/sign-in";

/** Microsoft Graph, as an application of every tenant. */
export const graph = "00000003-0000-0000-c000-000000000000";

/** A permission of Microsoft Graph that an application can be given. https://learn.microsoft.com/graph/permissions-reference */
export interface Permission {
  readonly name: string;
  readonly id: string;
}

/** A plan looks up the scopes of the connections in the tenant; without this right it warns, and checks nothing. */
export const planPermissions: readonly Permission[] = [
  { name: "Application.Read.All", id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30" },
];

/** Directory roles by their template ids: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const directoryRoles = {
  "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  "Application Developer": "cf1c38e5-3621-4004-a7cb-879624dced7c",
  "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
  "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
  "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
} as const;

type DirectoryRole = keyof typeof directoryRoles;

interface Need {
  readonly what: string;
  /** Permissions of Microsoft Graph, any of which is enough for an application. */
  readonly permissions: readonly string[];
  /** Directory roles, any of which is enough. */
  readonly roles: readonly DirectoryRole[];
  /** The least permission and role, for the fix. */
  readonly permission: Permission;
  readonly role: DirectoryRole;
  /** Whether a person may do it in most tenants without any role. */
  readonly everybody: boolean;
}

const registering: Need = {
  what: "Entra: register the two applications",
  permissions: ["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All"],
  roles: [
    "Application Developer",
    "Application Administrator",
    "Cloud Application Administrator",
    "Global Administrator",
  ],
  permission: { name: "Application.ReadWrite.OwnedBy", id: "18a4783c-866b-4cc7-a460-3d5e5662c884" },
  role: "Application Developer",
  everybody: true,
};

const consenting: Need = {
  what: "Entra: consent for everyone (the setting adminConsent)",
  permissions: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
  roles: ["Privileged Role Administrator", "Global Administrator"],
  permission: { name: "DelegatedPermissionGrant.ReadWrite.All", id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a" },
  role: "Privileged Role Administrator",
  everybody: false,
};

const seeing: Pick<Need, "roles" | "role" | "everybody"> = {
  roles: ["Application Administrator", "Cloud Application Administrator", "Global Administrator"],
  role: "Application Administrator",
  everybody: false,
};

/**
 * What a preview's receipt asks of Entra once all is deleted; without these rights it says "not known".
 * https://learn.microsoft.com/graph/api/directory-deleteditems-list,
 * https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
 */
const proving: readonly Need[] = [
  {
    ...seeing,
    what: "Entra: see what is in the recycle bins (the receipt of a preview)",
    permissions: ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    permission: planPermissions[0]!,
  },
  {
    ...seeing,
    what: "Entra: see who has consented (the receipt of a preview)",
    permissions: [
      "DelegatedPermissionGrant.Read.All",
      "DelegatedPermissionGrant.ReadWrite.All",
      "Directory.Read.All",
      "Directory.ReadWrite.All",
    ],
    permission: { name: "DelegatedPermissionGrant.Read.All", id: "81b4724a-58aa-41c1-8a55-84ef97466587" },
  },
];

/** What a deployment does in Entra besides registering its applications. */
export interface EntraWork {
  /** It consents for everyone. */
  readonly adminConsent: boolean;
  /** It is a preview, which is taken down with a receipt. */
  readonly preview: boolean;
  /** The tenant lets everybody register applications, or nobody without a role; undefined where it was not told. */
  readonly everybodyRegisters?: boolean | undefined;
  /** It signs users in through an application of others, which gets a password. */
  readonly signInApp?: { readonly clientId: string; readonly owners: readonly string[] } | undefined;
}

const needsOf = ({ adminConsent, preview }: Pick<EntraWork, "adminConsent" | "preview">): readonly Need[] => [
  registering,
  ...(adminConsent ? [consenting] : []),
  ...(preview ? proving : []),
];

/** The least permissions with which an application does all that in Entra. */
export const permissionsFor = (work: Pick<EntraWork, "adminConsent" | "preview">): readonly Permission[] =>
  needsOf(work).map(({ permission }) => permission);

/** Holds what is done in Entra against what the token for Microsoft Graph says. Pure. */
export function entraRights(deployer: Claims, work: EntraWork): Finding[] {
  const { signInApp } = work;
  const findings = needsOf(work).map((need) => findingOf(need, deployer, work));
  return signInApp ? [...findings, givingPassword(deployer, signInApp)] : findings;
}

/** An owner may always; nobody else without a right over all applications. */
function givingPassword(deployer: Claims, { clientId, owners }: NonNullable<EntraWork["signInApp"]>): Finding {
  const what = `Entra: give the application ${clientId} a password`;
  if (owners.includes(deployer.oid)) return { what, state: "held", because: "owner" };
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
  return { what, state: "missing", because: "you are not its owner", fix };
}

function findingOf(need: Need, deployer: Claims, { everybodyRegisters }: EntraWork): Finding {
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
function addPermission({ permission }: Need, application = "$ARM_CLIENT_ID"): string {
  const add = `az ad app permission add --id ${application} --api ${graph} --api-permissions ${permission.id}=Role`;
  return `${add} && az ad app permission admin-consent --id ${application}`;
}

/** https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments */
function assignRole(role: DirectoryRole, principalId: string): string {
  const body = JSON.stringify({ principalId, roleDefinitionId: directoryRoles[role], directoryScopeId: "/" });
  return `az rest --method post --url https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments --body '${body}'`;
}
