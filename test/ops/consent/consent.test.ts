import { pageAddress } from "../../../cli/page-address";
import { type Api, consentsOf, type Grant, missingConsent, type Wanted } from "../../../ops/consent/consent";
import type { StackSettings } from "../../../ops/pulumi/stack-settings";
import { StandInAccess } from "../../infra/provider/stand-in-access";

/** Entra ID's id among Bot Service's providers. */
const entra = "30dd229c-58e3-4a48-bdfd-91ec48eb906c";
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

/** A bot that signs people in by one application, and what of that the tenant's Graph answers. */
function tenant(graphAnswers: (url: URL) => Response): StandInAccess {
  return new StandInAccess(({ url }) => {
    const { host, pathname } = url;
    if (host === "graph.microsoft.com") return graphAnswers(url);
    if (pathname.endsWith("/connections")) return Response.json({ value: [{ name: "bot/Mail" }] });
    if (pathname.endsWith("/connections/Mail"))
      return Response.json({ properties: { clientId: "sign-in", serviceProviderId: entra } });
    return Response.json({ value: [{ name: "bot", tags: { project: "p", stack: "prod" } }] });
  });
}
const settings = { project: "p", subscriptionId: "s", tenantId: "t" } as StackSettings;

test("what an administrator gave counts, however many people have consented for themselves before", async () => {
  const people = Array.from({ length: 100 }, () => grant("User.Read", "Principal"));
  const next = "https://graph.microsoft.com/v1.0/servicePrincipals/own/oauth2PermissionGrants?$skiptoken=2";
  const access = tenant(({ pathname, search }) => {
    if (pathname.endsWith("/oauth2PermissionGrants"))
      return Response.json(
        search.includes("skiptoken") ? { value: [grant("User.Read")] } : { value: people, "@odata.nextLink": next },
      );
    if (pathname.endsWith("/servicePrincipals"))
      return Response.json({ value: [search.includes("graph-app") ? graph : { id: "own" }] });
    return Response.json({ value: [{ requiredResourceAccess: [wanted("1")] }] });
  });
  expect(await consentsOf(access, settings, "prod")).toMatchObject([{ clientId: "sign-in", missing: [] }]);
});

test.each([
  [
    "the application is another tenant's, or was deleted",
    () => Response.json({ value: [] }),
    "what sign-in wants is not known: the tenant has no such application, which is another tenant's or was deleted",
  ],
  [
    "whoever asks may not see who consented",
    () => Response.json({ error: { code: "Authorization_RequestDenied", message: "No." } }, { status: 403 }),
    "whether it was given Entra does not tell: that takes Microsoft Graph's DelegatedPermissionGrant.Read.All",
  ],
])("consent is not taken for given where %s", async (_where, answer, unknown) => {
  const address = "https://login.microsoftonline.com/t/adminconsent?client_id=sign-in";
  expect(await consentsOf(tenant(answer), settings, "prod")).toEqual([
    { clientId: "sign-in", address, missing: undefined, unknown },
  ]);
});

test("an address is the one that this machine's browser opens", () => {
  const address = "https://login.microsoftonline.com/t/adminconsent?client_id=c";
  expect(pageAddress(address, {})).toBe(address);
  expect(pageAddress(address, { BOT_SIGN_IN_PAGES: "http://localhost:5100" })).toBe(
    "http://localhost:5100/login.microsoftonline.com/t/adminconsent?client_id=c",
  );
});
