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
export const directoryRoles = {
  "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  "Application Developer": "cf1c38e5-3621-4004-a7cb-879624dced7c",
  "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
  "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
  "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
} as const;

export type DirectoryRole = keyof typeof directoryRoles;

/** What is done in Entra, and who may do it. */
export interface EntraNeed {
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

const registering: EntraNeed = {
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

const consenting: EntraNeed = {
  what: "Entra: consent for everyone (the setting adminConsent)",
  permissions: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
  roles: ["Privileged Role Administrator", "Global Administrator"],
  permission: { name: "DelegatedPermissionGrant.ReadWrite.All", id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a" },
  role: "Privileged Role Administrator",
  everybody: false,
};

const seeing: Pick<EntraNeed, "roles" | "role" | "everybody"> = {
  roles: ["Application Administrator", "Cloud Application Administrator", "Global Administrator"],
  role: "Application Administrator",
  everybody: false,
};

/**
 * What a preview's receipt asks of Entra once all is deleted; without these rights it says "not known".
 * https://learn.microsoft.com/graph/api/directory-deleteditems-list,
 * https://learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants
 */
const proving: readonly EntraNeed[] = [
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

/** What a deployment does in Entra: it may consent for everyone, and a preview is taken down with a receipt. */
interface Work {
  readonly adminConsent: boolean;
  readonly preview: boolean;
}

/** What of it needs rights. */
export const entraNeeds = ({ adminConsent, preview }: Work): readonly EntraNeed[] => [
  registering,
  ...(adminConsent ? [consenting] : []),
  ...(preview ? proving : []),
];

/** The least permissions with which an application does all that in Entra. */
export const permissionsFor = (work: Work): readonly Permission[] =>
  entraNeeds(work).map(({ permission }) => permission);
