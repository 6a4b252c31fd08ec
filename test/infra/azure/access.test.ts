import { ClientSecretCredential } from "@azure/identity";
import { deployerAccess, until } from "../../../infra/azure/access";
import { StandInAccess } from "../provider/stand-in-access";

const environment = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "the-secret" };
afterEach(() => jest.restoreAllMocks());

test("a refused sign-in keeps Entra's code and reason and says where the credentials come from, never the secret", async () => {
  const refusal = new Error("AADSTS7000215: Invalid client secret provided.\nTrace ID: 1");
  jest.spyOn(ClientSecretCredential.prototype, "getToken").mockRejectedValue(refusal);
  const failure = await deployerAccess(environment)
    .token("https://management.azure.com/.default")
    .catch((error) => error);
  expect(failure).toMatchObject({
    code: "AADSTS7000215",
    cause: "signing in with client secret gave no token: AADSTS7000215: Invalid client secret provided.",
    fix: "Put the value of one that is good into ARM_CLIENT_SECRET: az ad app credential reset --id $ARM_CLIENT_ID --append makes one.",
  });
  expect(failure.message).not.toContain("the-secret");
});

test("one credential serves all calls, so that a token is asked for once and not for every call", async () => {
  const seen = new Set<unknown>();
  jest.spyOn(ClientSecretCredential.prototype, "getToken").mockImplementation(async function (this: unknown) {
    seen.add(this);
    return { token: "t", expiresOnTimestamp: 0 };
  });
  const access = deployerAccess(environment);
  expect([await access.token("a"), await access.token("b")]).toEqual(["t", "t"]);
  expect(seen.size).toBe(1);
});

test("what is there at once costs no wait; what comes late is looked for in growing steps up to 5 s, within the bound", async () => {
  const access = new StandInAccess(() => new Response());
  expect(await until(access, 60_000, async () => "there")).toBe("there");
  expect(access.waits).toEqual([]);
  expect(await until(access, 60_000, async () => undefined)).toBeUndefined();
  expect(access.waits.slice(0, 3)).toEqual([100, 150, 225]);
  expect(Math.max(...access.waits)).toBe(5_000);
  expect(access.now()).toBe(60_000);
});
