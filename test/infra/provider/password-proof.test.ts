import { entraErrors } from "../../../contract/known-errors/entra";
import { fixOf } from "../../../contract/known-errors/known-error";
import type { AzureCallError } from "../../../infra/azure/azure-call-error";
import { passwordProof } from "../../../infra/provider/password-proof";
import { StandInAccess } from "./stand-in-access";

const inputs = {
  tenantId: "99999999-8888-7777-6666-555555555555",
  clientId: "11111111-2222-3333-4444-555555555555",
  password: "the-new-password",
  scope: "https://api.botframework.com/.default",
  ownPrincipal: true,
};
const token = (): Response => Response.json({ access_token: "a-token" });
const refused = (code: string): Response =>
  Response.json({ error: "invalid_client", error_description: `${code}: No.\r\nTrace ID: 1` }, { status: 401 });

/** Entra that knows the password after some seconds; in the second half of these every other replica does. */
function entra(seconds: number): StandInAccess {
  let asked = 0;
  const access: StandInAccess = new StandInAccess(() => {
    asked += 1;
    const known = access.now() >= seconds * 1_000 || (access.now() >= seconds * 500 && asked % 2 === 0);
    return known ? token() : refused("AADSTS7000215");
  });
  return access;
}

test.each([0, 20, 60])(
  "a password that Entra's replicas know after %d s is there then, and not before",
  async (seconds) => {
    const access = entra(seconds);
    const { outs } = await passwordProof(() => access).create(inputs);
    expect(access.now()).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(access.now()).toBeLessThan(seconds * 1_000 + 6_000);
    expect(outs.provenAt).toBe(new Date(access.now()).toISOString().replace(/\.\d+Z$/, "Z"));
  },
);

test("three tokens in a row prove it, asked for as its user does, and none of them is kept", async () => {
  const answers = [token(), token(), refused("AADSTS7000215"), token(), token(), token()];
  const access = new StandInAccess(() => answers.shift()!);
  const { outs } = await passwordProof(() => access).create(inputs);
  expect(access.lines).toEqual(Array(6).fill(`POST /${inputs.tenantId}/oauth2/v2.0/token`));
  expect(JSON.stringify(outs)).not.toContain("a-token");
});

test("a password that Entra never takes fails the deployment before anything uses it, and is not shown", async () => {
  const failure = (await passwordProof(() => entra(Infinity))
    .create(inputs)
    .catch((error: unknown) => error)) as AzureCallError;
  expect(failure).toMatchObject({ name: "AzureCallError", code: "AADSTS7000215", cause: "AADSTS7000215: No." });
  expect(failure.fix).toBe("Entra ID has not taken the new password yet: deploy again. Nothing uses it so far.");
  expect(failure.message).not.toContain(inputs.password);
});

test("a refusal that no wait heals is told at once", async () => {
  const access = new StandInAccess(() => refused("AADSTS53003"));
  await expect(passwordProof(() => access).create(inputs)).rejects.toMatchObject({
    code: "AADSTS53003",
    fix: fixOf(entraErrors, { code: "AADSTS53003", message: "No." }),
  });
  expect(access.requests).toHaveLength(1);
});

test("an application of others without a service principal proves nothing, which is said with the command that helps", async () => {
  const warnings: string[] = [];
  const access = new StandInAccess(() => refused("AADSTS7000229"));
  const provider = passwordProof(
    () => access,
    (message) => warnings.push(message),
  );
  expect((await provider.create({ ...inputs, ownPrincipal: false })).outs.provenAt).toBe("");
  expect(warnings).toEqual([expect.stringContaining(`az ad sp create --id ${inputs.clientId}`)]);
});

test("is made anew for another password, and for nothing else", async () => {
  const provider = passwordProof(() => entra(0));
  const { outs } = await provider.create(inputs);
  expect(await provider.diff("id", outs, inputs)).toEqual({ changes: false, replaces: [] });
  expect(await provider.diff("id", outs, { ...inputs, password: "another" })).toEqual({ changes: true, replaces: [] });
});
