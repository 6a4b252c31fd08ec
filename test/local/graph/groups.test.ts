import { randomUUID } from "node:crypto";
import { startLocalAzure, type LocalAzure } from "../../../local/azure/azure";
import { deployerToken } from "../../support/deployer-token";
import { personsToken } from "../../support/persons-token";

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
});
afterAll(() => azure.close());

const graph = "https://graph.microsoft.com";
const arm = "https://management.azure.com";

async function ask(
  token: string,
  method: string,
  url: string,
  body?: unknown,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are looked into by property
): Promise<{ status: number; body: any }> {
  const answer = await azure.call("az", url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}

const newGroup = { displayName: "bot team", mailNickname: "bot-team", mailEnabled: false, securityEnabled: true };

test("a role that a group holds is its members', by groups within it too, for as long as they are in it", async () => {
  const { subscriptionId, people } = azure.tenant;
  const person = people.find(({ administrator }) => !administrator)!;
  const administrator = await personsToken(azure, people.find((one) => one.administrator)!.mail, graph);
  const deployer = await deployerToken(azure, arm);
  const group = `${arm}/subscriptions/${subscriptionId}/resourceGroups/team`;
  const version = "?api-version=2021-04-01";
  expect((await ask(deployer, "PUT", group + version, { location: "westeurope" })).status).toBe(201);
  const reads = async (): Promise<number> =>
    (await ask(await personsToken(azure, person.mail, arm), "GET", group + version)).status;
  expect(await reads()).toBe(403);

  const make = async (): Promise<string> =>
    (await ask(administrator, "POST", `${graph}/v1.0/groups`, newGroup)).body.id as string;
  const [outer, inner] = [await make(), await make()];
  const add = (to: string, id: string): Promise<{ status: number; body: unknown }> =>
    ask(administrator, "POST", `${graph}/v1.0/groups/${to}/members/$ref`, {
      "@odata.id": `${graph}/v1.0/directoryObjects/${id}`,
    });
  expect((await add(outer, inner)).status).toBe(204);
  expect((await add(inner, person.objectId)).status).toBe(204);
  expect(await add(inner, person.objectId)).toMatchObject({
    status: 400,
    body: {
      error: { message: expect.stringContaining("already exist for the following modified properties: 'members'") },
    },
  });

  const assignments = `${group}/providers/Microsoft.Authorization/roleAssignments`;
  const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
  const assigned = await ask(deployer, "PUT", `${assignments}/${randomUUID()}?api-version=2022-04-01`, {
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
      principalId: outer,
    },
  });
  expect(assigned).toMatchObject({ status: 201, body: { properties: { principalType: "Group" } } });
  expect(await reads()).toBe(200);
  const held = `${assignments}?$filter=assignedTo('${person.objectId}')&api-version=2022-04-01`;
  expect((await ask(deployer, "GET", held)).body.value).toHaveLength(1);

  const member = `${graph}/v1.0/groups/${inner}/members/${person.objectId}/$ref`;
  expect((await ask(administrator, "DELETE", member)).status).toBe(204);
  expect(await reads()).toBe(403);
});

test("the application that deploys makes no groups, and a group with mail is a gap that is named", async () => {
  const url = `${graph}/v1.0/groups`;
  expect(await ask(await deployerToken(azure, graph), "POST", url, newGroup)).toMatchObject({
    status: 403,
    body: { error: { code: "Authorization_RequestDenied" } },
  });
  const administrator = await personsToken(azure, azure.tenant.people.find((one) => one.administrator)!.mail, graph);
  const unified = { ...newGroup, mailEnabled: true, groupTypes: ["Unified"] };
  expect(await ask(administrator, "POST", url, unified)).toMatchObject({
    status: 400,
    body: { error: { code: "NotServedByLocalAzure" } },
  });
});

test("whoever holds a secret of the service principal is the application, until that secret is taken away", async () => {
  const token = await deployerToken(azure, graph);
  const post = (path: string, body: unknown): ReturnType<typeof ask> =>
    ask(token, "POST", `${graph}/v1.0${path}`, body);
  const { appId } = (await post("/applications", { displayName: "pipeline" })).body as { appId: string };
  const { id } = (await post("/servicePrincipals", { appId })).body as { id: string };
  const made = await post(`/servicePrincipals/${id}/addPassword`, {});
  const { secretText, keyId } = made.body as { secretText: string; keyId: string };
  const signIn = async (): Promise<Record<string, unknown>> => {
    const url = `https://login.microsoftonline.com/${azure.tenant.tenantId}/oauth2/v2.0/token`;
    const answer = await azure.call("az", url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: appId,
        client_secret: secretText,
        scope: `${arm}/.default`,
      }).toString(),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  expect(await signIn()).toMatchObject({ token_type: "Bearer" });
  expect((await post(`/servicePrincipals/${id}/removePassword`, { keyId })).status).toBe(204);
  expect(await signIn()).toMatchObject({ error_codes: [7000215] });
});
