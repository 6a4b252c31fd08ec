import * as published from "../../../contract/graph-permissions.json";
import type { AppRole, PermissionScope } from "./application";

/**
 * What the consent page says of the delegated permissions that a bot's sign-in meets most; of the others it says their name. The
 * second goes on behind "Lets the app".
 */
const texts: Readonly<Record<string, readonly [title: string, lets: string]>> = {
  openid: ["Sign you in", "know that it is you who signed in"],
  profile: ["View your basic profile", "see your name and user name"],
  email: ["View your email address", "read your primary email address"],
  offline_access: [
    "Keep access to what you allowed it",
    "use these permissions while you are not using the app, until you take them back",
  ],
  "User.Read": ["Sign you in and read your profile", "read your profile: name, job title, mail address"],
  "User.ReadWrite": ["Read and change your profile", "read and change your profile"],
  "User.ReadBasic.All": [
    "Read everybody's basic profile",
    "read the names and addresses of the people of your organization",
  ],
  "User.Read.All": ["Read everybody's full profile", "read the full profiles of the people of your organization"],
  "Mail.Read": ["Read your mail", "read the messages in your mailbox"],
  "Mail.ReadBasic": ["Read your mail's headers", "read your messages without their bodies and attachments"],
  "Mail.ReadWrite": ["Read and change your mail", "create, read, change and delete messages in your mailbox"],
  "Mail.Send": ["Send mail as you", "send mail in your name"],
  "MailboxSettings.Read": ["Read your mailbox settings", "read your mailbox settings"],
  "MailboxSettings.ReadWrite": [
    "Read and change your mailbox settings",
    "change your mailbox settings, without sending mail",
  ],
  "Calendars.Read": ["Read your calendars", "read the events of your calendars"],
  "Calendars.ReadWrite": [
    "Have full access to your calendars",
    "create, read, change and delete events of your calendars",
  ],
  "Contacts.Read": ["Read your contacts", "read your contacts"],
  "Contacts.ReadWrite": ["Have full access to your contacts", "create, read, change and delete your contacts"],
  "People.Read": ["Read the people relevant to you", "read a list of the people you work with most"],
  "Files.Read": ["Read your files", "read your files"],
  "Files.ReadWrite": ["Have full access to your files", "create, read, change and delete your files"],
  "Files.Read.All": ["Read all files you can reach", "read every file that you can read"],
  "Files.ReadWrite.All": [
    "Have full access to all files you can reach",
    "create, read, change and delete every file that you can reach",
  ],
  "Sites.Read.All": ["Read all sites you can reach", "read documents and lists in every site that you can reach"],
  "Group.Read.All": ["Read all groups", "read the groups of your organization and their content"],
  "Group.ReadWrite.All": ["Read and write all groups", "change the groups of your organization and their content"],
  "Directory.Read.All": ["Read the directory", "read what is in your organization's directory"],
  "Directory.ReadWrite.All": ["Read and change the directory", "change what is in your organization's directory"],
  "Application.Read.All": ["Read applications", "read the applications of your organization"],
  "Application.ReadWrite.All": ["Read and change applications", "change the applications of your organization"],
  "DelegatedPermissionGrant.ReadWrite.All": [
    "Manage all permission grants",
    "grant and take back permissions of every app",
  ],
};

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
  ["5b567255-7703-4780-807c-7be8301ae99b", "Group.Read.All", "Read all groups"],
  ["62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All", "Read and write all groups"],
  ["246dd0d5-5bd0-4def-940b-0421030a5b68", "Policy.Read.All", "Read your organization's policies"],
  [
    "be74164b-cff1-491c-8741-e671cb536e13",
    "Policy.ReadWrite.ApplicationConfiguration",
    "Read and write your organization's application configuration policies",
  ],
  [
    "fb221be6-99f2-473f-bd32-01c6a0e9ca3b",
    "Policy.ReadWrite.Authorization",
    "Read and write your organization's authorization policy",
  ],
  ["df021288-bdef-4463-88db-98f22de89214", "User.Read.All", "Read all users' full profiles"],
  ["810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read", "Read mail in all mailboxes"],
  ["b633e1c5-b582-4048-a93e-9f11b44c7e96", "Mail.Send", "Send mail as any user"],
];

const delegated = published.delegated as unknown as Readonly<
  Record<string, readonly [id: string, type: "User" | "Admin"]>
>;

/** Microsoft Graph's delegated permissions, all that were published: `source` in the data says when. */
export const graphScopes: readonly PermissionScope[] = [
  ...new Set([...Object.keys(texts), ...Object.keys(published.delegated)]),
].map((value) => {
  const [id, type] = delegated[value]!;
  const [title, lets] = texts[value] ?? [value, `use Microsoft Graph's permission ${value} for you`];
  const text = `Lets the app ${lets}.`;
  return {
    id,
    value,
    type,
    isEnabled: true,
    adminConsentDisplayName: title,
    adminConsentDescription: text,
    userConsentDisplayName: title,
    userConsentDescription: text,
  };
});

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
