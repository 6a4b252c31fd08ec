import { scopesForAdministrator } from "../../../infra/connections/apis";
import { adminConsentAddress, consentTo, knownGraphPermissions } from "../../../infra/facts/permissions";
import { microsoftGraph } from "../../../infra/facts/scopes";

test.each([
  ["openid", "37f7f235-527c-4136-accd-4a02d197296e", "user"],
  ["Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "administrator"],
  ["Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", "user"],
  ["Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", "administrator"],
])("Graph's %s is known without asking a tenant, with who may consent", (value, id, consent) => {
  expect(knownGraphPermissions).toContainEqual({ value, id, consent });
});

test.each([
  [microsoftGraph, "Chat.Read", "User", "administrator"],
  [microsoftGraph, "Files.Read", "User", "user"],
  [microsoftGraph, "Files.Read.All", "User", "administrator"],
  [microsoftGraph, "Sites.Read.All", "User", "administrator"],
  [microsoftGraph, "Directory.Read.All", "Admin", "administrator"],
  ["another API", "Mail.Read", "User", "user"],
  ["another API", "access_as_user", "Admin", "administrator"],
])("consent to %s %s, which is of type %s, is a %s's", (resource, value, type, consent) => {
  expect(consentTo(resource, value, type)).toBe(consent);
});

test("the scopes that stop every user with Need admin approval are known, whichever way they are written", () => {
  expect(
    scopesForAdministrator([
      "openid",
      "offline_access",
      "User.Read",
      "Mail.Read",
      "https://graph.microsoft.com/Chat.Read",
    ]),
  ).toEqual(["Mail.Read", "https://graph.microsoft.com/Chat.Read"]);
  expect(scopesForAdministrator(["User.Read", "Mail.Send", "Files.Read", "api://orders/Mail.Read"])).toEqual([]);
});

test("an administrator gets an address that consents for this app in this tenant", () => {
  expect(adminConsentAddress("tenant-id", "app-id")).toBe(
    "https://login.microsoftonline.com/tenant-id/adminconsent?client_id=app-id",
  );
});
