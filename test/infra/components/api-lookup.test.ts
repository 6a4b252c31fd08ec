import * as azuread from "@pulumi/azuread";
import { lookUpApis } from "../../../infra/components/api-lookup";

jest.mock("@pulumi/azuread", () => ({
  getServicePrincipal: jest.fn(),
  getServicePrincipals: jest.fn(),
  getApplication: jest.fn(),
}));

const one = jest.mocked(azuread.getServicePrincipal);
const many = jest.mocked(azuread.getServicePrincipals);
const application = jest.mocked(azuread.getApplication);

const orders = "0de45000-0000-4000-8000-000000000001";
const principal = {
  clientId: orders,
  objectId: "object",
  displayName: "Contoso Orders",
  oauth2PermissionScopes: [
    { id: "r", value: "Orders.Read", type: "User", enabled: true },
    { id: "a", value: "Orders.Approve", type: "Admin", enabled: true },
    { id: "o", value: "Orders.Old", type: "User", enabled: false },
  ],
} as unknown as azuread.GetServicePrincipalResult;
const found = {
  outcome: "found",
  api: {
    clientId: orders,
    objectId: "object",
    displayName: "Contoso Orders",
    permissions: [
      { id: "r", value: "Orders.Read", consent: "user" },
      { id: "a", value: "Orders.Approve", consent: "administrator" },
    ],
  },
};
/** As terraform-provider-azuread words them, with what Pulumi puts before. */
const before = "invocation of azuread:index/getServicePrincipal:getServicePrincipal returned an error: ";
const missing = new Error(`${before}No service principal found: no service principal found`);
const noApplication = new Error(`${before}Application not found: no applications found matching filter: "x"`);
const denied = new Error(
  `${before}Listing service principals for filter "x": unexpected status 403 (403 Forbidden) with error: ` +
    "Authorization_RequestDenied: Insufficient privileges to complete the operation.",
);

const lookUp = async (resource: string): Promise<unknown> => (await lookUpApis([resource], {}))[resource];

beforeEach(() => {
  jest.resetAllMocks();
  one.mockResolvedValue(principal);
  application.mockRejectedValue(noApplication);
});

test("an API by its client id is asked for by that alone, and a permission that is switched off is none", async () => {
  expect(await lookUp(orders)).toEqual(found);
  expect(one.mock.calls).toEqual([[{ clientId: orders }, {}]]);
});

test("an address of Microsoft's is known, and no tenant is looked through for it", async () => {
  await lookUp("https://database.windows.net");
  expect(one.mock.calls).toEqual([[{ clientId: "022907d3-0f1b-48f7-badc-1ba6abab6d66" }, {}]]);
  expect(application).not.toHaveBeenCalled();
});

test("an application of the tenant is found by its identifier URI, with or without the slash at its end", async () => {
  application.mockRejectedValueOnce(noApplication);
  application.mockResolvedValueOnce({ clientId: orders } as azuread.GetApplicationResult);
  expect(await lookUp("https://orders.contoso.com")).toEqual(found);
  expect(application.mock.calls.map(([args]) => args)).toEqual([
    { identifierUri: "https://orders.contoso.com" },
    { identifierUri: "https://orders.contoso.com/" },
  ]);
  expect(many).not.toHaveBeenCalled();
});

test("any other address is looked for among all, and the nearest is offered where it is not there", async () => {
  many.mockResolvedValue({
    servicePrincipals: [{ clientId: orders, servicePrincipalNames: ["https://Orders.contoso.com/"] }],
  } as unknown as azuread.GetServicePrincipalsResult);
  expect(await lookUp("https://orders.contoso.com")).toEqual(found);
  expect(await lookUp("https://order.contoso.com")).toEqual({ outcome: "missing", near: "https://orders.contoso.com" });
});

test("an API by its name is asked for by that, and a misspelt name gets the nearest", async () => {
  expect(await lookUp("contoso orders")).toEqual(found);
  expect(one.mock.calls).toEqual([[{ displayName: "contoso orders" }, {}]]);
  one.mockRejectedValueOnce(missing);
  many.mockResolvedValue({
    servicePrincipals: [{ displayName: "Contoso Orders" }],
  } as unknown as azuread.GetServicePrincipalsResult);
  expect(await lookUp("contoso order")).toEqual({ outcome: "missing", near: "Contoso Orders" });
});

test.each([
  ["the tenant has no such API", missing, { outcome: "missing" }],
  ["nobody may look", denied, { outcome: "refused" }],
])("where %s, that is an answer", async (_what, error, answer) => {
  one.mockRejectedValue(error);
  expect(await lookUp(orders)).toEqual(answer);
});

test("any other failure is no answer: a deployment does not go on as if the tenant had none", async () => {
  one.mockRejectedValue(new Error("dial tcp: lookup graph.microsoft.com: no such host"));
  await expect(lookUp(orders)).rejects.toThrow("no such host");
});
