import type { AppRole, PermissionScope } from "./application";

/**
 * Microsoft Graph's delegated permissions, as far as a bot's sign-in meets them: id, name, who may consent, and what
 * the consent page says of it. Ids: https://learn.microsoft.com/graph/permissions-reference
 */
const delegated: readonly (readonly [
  id: string,
  value: string,
  type: "User" | "Admin",
  title: string,
  text: string,
])[] = [
  [
    "37f7f235-527c-4136-accd-4a02d197296e",
    "openid",
    "User",
    "Sign you in",
    "Lets the app know that it is you who signed in.",
  ],
  [
    "14dad69e-099b-42c9-810b-d002981feec1",
    "profile",
    "User",
    "View your basic profile",
    "Lets the app see your name and user name.",
  ],
  [
    "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "email",
    "User",
    "View your email address",
    "Lets the app read your primary email address.",
  ],
  [
    "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
    "offline_access",
    "User",
    "Keep access to what you allowed it",
    "Lets the app use these permissions while you are not using the app, until you take them back.",
  ],
  [
    "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "User.Read",
    "User",
    "Sign you in and read your profile",
    "Lets the app read your profile: name, job title, mail address.",
  ],
  [
    "b4e74841-8e56-480b-be8b-910348b18b4c",
    "User.ReadWrite",
    "User",
    "Read and change your profile",
    "Lets the app read and change your profile.",
  ],
  [
    "b340eb25-3456-403f-be2f-af7a0d370277",
    "User.ReadBasic.All",
    "User",
    "Read everybody's basic profile",
    "Lets the app read the names and addresses of the people of your organization.",
  ],
  [
    "a154be20-db9c-4678-8ab7-66f6cc099a59",
    "User.Read.All",
    "Admin",
    "Read everybody's full profile",
    "Lets the app read the full profiles of the people of your organization.",
  ],
  [
    "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
    "Mail.Read",
    "User",
    "Read your mail",
    "Lets the app read the messages in your mailbox.",
  ],
  [
    "a4b8392a-d8d1-4954-a029-8e668a39a170",
    "Mail.ReadBasic",
    "User",
    "Read your mail's headers",
    "Lets the app read your messages without their bodies and attachments.",
  ],
  [
    "024d486e-b451-40bb-833d-3e66d98c5c73",
    "Mail.ReadWrite",
    "User",
    "Read and change your mail",
    "Lets the app create, read, change and delete messages in your mailbox.",
  ],
  [
    "e383f46e-2787-4529-855e-0e479a3ffac0",
    "Mail.Send",
    "User",
    "Send mail as you",
    "Lets the app send mail in your name.",
  ],
  [
    "87f447af-9fa4-4c32-9dfa-4a57a73d18ce",
    "MailboxSettings.Read",
    "User",
    "Read your mailbox settings",
    "Lets the app read your mailbox settings.",
  ],
  [
    "818c620a-27a9-40bd-a6a5-d96f7d610b4b",
    "MailboxSettings.ReadWrite",
    "User",
    "Read and change your mailbox settings",
    "Lets the app change your mailbox settings, without sending mail.",
  ],
  [
    "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42",
    "Calendars.Read",
    "User",
    "Read your calendars",
    "Lets the app read the events of your calendars.",
  ],
  [
    "1ec239c2-d7c9-4623-a91a-a9775856bb36",
    "Calendars.ReadWrite",
    "User",
    "Have full access to your calendars",
    "Lets the app create, read, change and delete events of your calendars.",
  ],
  [
    "ff74d97f-43af-4b68-9f2a-b77ee6968c5d",
    "Contacts.Read",
    "User",
    "Read your contacts",
    "Lets the app read your contacts.",
  ],
  [
    "d56682ec-c09e-4743-aaf4-1a3aac4caa21",
    "Contacts.ReadWrite",
    "User",
    "Have full access to your contacts",
    "Lets the app create, read, change and delete your contacts.",
  ],
  [
    "ba47897c-39ec-4d83-8086-ee8256fa737d",
    "People.Read",
    "User",
    "Read the people relevant to you",
    "Lets the app read a list of the people you work with most.",
  ],
  ["10465720-29dd-4523-a11a-6a75c743c9d9", "Files.Read", "User", "Read your files", "Lets the app read your files."],
  [
    "5c28f0bf-8a70-41f1-8ab2-9032436ddb65",
    "Files.ReadWrite",
    "User",
    "Have full access to your files",
    "Lets the app create, read, change and delete your files.",
  ],
  [
    "df85f4d6-205c-4ac5-a5ea-6bf408dba283",
    "Files.Read.All",
    "User",
    "Read all files you can reach",
    "Lets the app read every file that you can read.",
  ],
  [
    "863451e7-0667-486c-a5d6-d135439485f0",
    "Files.ReadWrite.All",
    "User",
    "Have full access to all files you can reach",
    "Lets the app create, read, change and delete every file that you can reach.",
  ],
  [
    "205e70e5-aba6-4c52-a976-6d2d46c48043",
    "Sites.Read.All",
    "User",
    "Read all sites you can reach",
    "Lets the app read documents and lists in every site that you can reach.",
  ],
  [
    "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
    "Group.Read.All",
    "Admin",
    "Read all groups",
    "Lets the app read the groups of your organization and their content.",
  ],
  [
    "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
    "Group.ReadWrite.All",
    "Admin",
    "Read and write all groups",
    "Lets the app change the groups of your organization and their content.",
  ],
  [
    "06da0dbc-49e2-44d2-8312-53f166ab848a",
    "Directory.Read.All",
    "Admin",
    "Read the directory",
    "Lets the app read what is in your organization's directory.",
  ],
  [
    "c5366453-9fb0-48a5-a156-24f0c49a4b84",
    "Directory.ReadWrite.All",
    "Admin",
    "Read and change the directory",
    "Lets the app change what is in your organization's directory.",
  ],
  [
    "c79f8feb-a9db-4090-85f9-90d820caa0eb",
    "Application.Read.All",
    "Admin",
    "Read applications",
    "Lets the app read the applications of your organization.",
  ],
  [
    "bdfbf15f-ee85-4955-8675-146e8e5296b5",
    "Application.ReadWrite.All",
    "Admin",
    "Read and change applications",
    "Lets the app change the applications of your organization.",
  ],
  [
    "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Admin",
    "Manage all permission grants",
    "Lets the app grant and take back permissions of every app.",
  ],
];

/** Application permissions: what a token of an application itself may do. */
const application: readonly (readonly [id: string, value: string, title: string])[] = [
  ["1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "Application.ReadWrite.All", "Read and write all applications"],
  [
    "18a4783c-866b-4cc7-a460-3d5e5662c884",
    "Application.ReadWrite.OwnedBy",
    "Manage apps that this app creates or owns",
  ],
  ["9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All", "Read all applications"],
  ["81b4724a-58aa-41c1-8a55-84ef97466587", "DelegatedPermissionGrant.Read.All", "Read all delegated permission grants"],
  [
    "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Manage all delegated permission grants",
  ],
  ["7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All", "Read directory data"],
  ["19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Directory.ReadWrite.All", "Read and write directory data"],
  ["df021288-bdef-4463-88db-98f22de89214", "User.Read.All", "Read all users' full profiles"],
  ["810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read", "Read mail in all mailboxes"],
  ["b633e1c5-b582-4048-a93e-9f11b44c7e96", "Mail.Send", "Send mail as any user"],
];

export const graphScopes: readonly PermissionScope[] = delegated.map(([id, value, type, title, text]) => ({
  id,
  value,
  type,
  isEnabled: true,
  adminConsentDisplayName: title,
  adminConsentDescription: text,
  userConsentDisplayName: title,
  userConsentDescription: text,
}));

export const graphRoles: readonly AppRole[] = application.map(([id, value, title]) => ({
  id,
  value,
  displayName: title,
  description: title,
  isEnabled: true,
  allowedMemberTypes: ["Application"],
  origin: "Application",
}));

/** Scopes of OpenID Connect itself: they ask for nothing of a resource's own. */
export const openIdScopes: readonly string[] = ["openid", "profile", "email", "offline_access"];

/**
 * Graph permissions that people cannot consent to by themselves under Microsoft's default policy, though the
 * permissions' own type is `User`.
 * https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies ("Let Microsoft manage your consent settings")
 */
const managedByMicrosoft = [
  /^Mail\.Read$/,
  /^Mail\.ReadWrite$/,
  /^Mail\.ReadBasic$/,
  /^Calendars\./,
  /^Chat\./,
  /^MailboxSettings\./,
  /^People\.Read$/,
  /^Files\..*\.All$/,
  /^Sites\..*\.All$/,
];

/** Whether only an administrator may consent to a delegated permission of Graph or of another resource. */
export function needsAdministrator(scope: PermissionScope, resourceAppId: string): boolean {
  if (scope.type === "Admin") return true;
  return resourceAppId === graphAppId && managedByMicrosoft.some((pattern) => pattern.test(scope.value));
}

export const graphAppId = "00000003-0000-0000-c000-000000000000";
