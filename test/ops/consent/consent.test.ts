import { pageAddress } from "../../../cli/page-address";
import { type Api, type Grant, missingConsent, type Wanted } from "../../../ops/consent/consent";

const graph: Api = {
  id: "graph-principal",
  appId: "graph-app",
  displayName: "Microsoft Graph",
  oauth2PermissionScopes: [
    { id: "1", value: "User.Read" },
    { id: "2", value: "Mail.Read" },
  ],
};
const wanted = (...ids: string[]): Wanted => ({
  resourceAppId: "graph-app",
  resourceAccess: ids.map((id) => ({ id, type: "Scope" })),
});
const grant = (scope: string, consentType = "AllPrincipals", resourceId = "graph-principal"): Grant => ({
  scope,
  consentType,
  resourceId,
});

test.each<[what: string, wanted: Wanted[], grants: Grant[], missing: string[]]>([
  ["nothing was given", [wanted("1", "2")], [], ["Microsoft Graph User.Read", "Microsoft Graph Mail.Read"]],
  ["a part was given", [wanted("1", "2")], [grant("User.Read openid")], ["Microsoft Graph Mail.Read"]],
  ["all was given, in two grants", [wanted("1", "2")], [grant("User.Read"), grant("Mail.Read")], []],
  [
    "one user has consented for himself",
    [wanted("1")],
    [grant("User.Read", "Principal")],
    ["Microsoft Graph User.Read"],
  ],
  [
    "the same word of another API was given",
    [wanted("1")],
    [grant("User.Read", undefined, "x")],
    ["Microsoft Graph User.Read"],
  ],
  ["an API is not in the tenant", [{ ...wanted("7"), resourceAppId: "other" }], [], ["other 7"]],
  ["a permission of the application itself", [{ ...wanted(), resourceAccess: [{ id: "9", type: "Role" }] }], [], []],
])("what an administrator has yet to consent to where %s", (_what, wants, grants, missing) => {
  expect(missingConsent(wants, [graph], grants)).toEqual(missing);
});

test("an address is the one that this machine's browser opens", () => {
  const address = "https://login.microsoftonline.com/t/adminconsent?client_id=c";
  expect(pageAddress(address, {})).toBe(address);
  expect(pageAddress(address, { BOT_SIGN_IN_PAGES: "http://localhost:5100" })).toBe(
    "http://localhost:5100/login.microsoftonline.com/t/adminconsent?client_id=c",
  );
});
