import { Reader } from "../../../ops/doctor/read/reader";
import { roleHolders } from "../../../ops/doctor/read/roles";
import { StandInAccess } from "../../infra/provider/stand-in-access";

const subscription = "/subscriptions/11111111-1111-4111-8111-111111111111";
const vault = `${subscription}/resourceGroups/chat/providers/Microsoft.KeyVault/vaults/chat`;
const readSecret = "Microsoft.KeyVault/vaults/secrets/getSecret/action";

test.each([
  ["at the vault", vault, true],
  ["at its subscription", subscription, true],
  ["at a management group above it", "/providers/Microsoft.Management/managementGroups/Contoso", true],
  ["at the root of the tenant", "/", true],
  ["at one secret of it", `${vault}/secrets/other`, false],
  ["at a vault whose name begins alike", `${vault}-2`, false],
])("a role that is given %s (%s) lets its holder read the vault: %s", async (_where, scope, holds) => {
  const role = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/reader`;
  const properties = { principalId: "The-Bot", principalType: "ServicePrincipal", roleDefinitionId: role, scope };
  const access = new StandInAccess(({ url }) =>
    url.pathname.endsWith("/roleAssignments")
      ? Response.json({ value: [{ properties }] })
      : Response.json({ id: role, properties: { permissions: [{ dataActions: [readSecret] }] } }),
  );
  expect(await roleHolders(new Reader(access, "s"), vault, readSecret)).toEqual({
    value: { ids: holds ? ["the-bot"] : [], byGroups: false },
  });
});
