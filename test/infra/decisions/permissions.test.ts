import type { Connection } from "../../../contract/connection";
import {
  adminConsentAddress,
  permissionIds,
  scopesForAdministrator,
  scopesOf,
} from "../../../infra/decisions/permissions";

const connection = (name: string, ...scopes: string[]): Connection => ({
  name,
  provider: "entra",
  scopes,
  skill: "mail",
});

test("the sign-in app declares exactly what its connections ask for, each once", () => {
  const scopes = scopesOf([connection("one", "openid", "Mail.Read"), connection("two", "Mail.Read", "Mail.Send")]);
  expect(scopes).toEqual(["openid", "Mail.Read", "Mail.Send"]);
  expect(permissionIds(scopes)).toEqual([
    "37f7f235-527c-4136-accd-4a02d197296e",
    "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
    "e383f46e-2787-4529-855e-0e479a3ffac0",
  ]);
});

test("a scope without an id is not left out silently", () => {
  expect(() => permissionIds(["Chat.Read"])).toThrow(
    new RangeError("Microsoft Graph has no delegated permission Chat.Read in this program's table"),
  );
});

test("the scopes that stop every user with Need admin approval are known", () => {
  expect(
    scopesForAdministrator(["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send"]),
  ).toEqual(["Mail.Read"]);
  expect(scopesForAdministrator(["User.Read", "Mail.Send", "Files.Read"])).toEqual([]);
});

test("an administrator gets an address that consents for this app in this tenant", () => {
  expect(adminConsentAddress("tenant-id", "app-id")).toBe(
    "https://login.microsoftonline.com/tenant-id/adminconsent?client_id=app-id",
  );
});
