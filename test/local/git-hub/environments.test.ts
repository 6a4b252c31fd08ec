import { type LocalAzure, startLocalAzure } from "../../../local/azure/azure";
import { gitHubToken } from "../../support/git-hub-token";

let azure: LocalAzure;
let ada: string;
let sam: string;
beforeAll(async () => {
  azure = await startLocalAzure({ port: 0 });
  [ada, sam] = [await gitHubToken(azure, "ada"), await gitHubToken(azure, "sam")];
});
afterAll(() => azure.close());

interface Told {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function ask(method: string, path: string, body?: object, token = ada): Promise<Told> {
  const answer = await azure.call("test", `https://api.github.com/repos/contoso/mail-bot${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "user-agent": "a test" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : {}) as Told["body"] };
}
const own = { protected_branches: false, custom_branch_policies: true };

test("an environment is made by an administrator alone, and shows its rules as GitHub does", async () => {
  expect(await ask("GET", "/environments/prod")).toMatchObject({
    status: 404,
    body: { message: "Not Found", status: "404" },
  });
  expect(await ask("PUT", "/environments/prod", {}, sam)).toMatchObject({
    status: 403,
    body: { message: "Must have admin rights to Repository." },
  });
  const body = { prevent_self_review: true, reviewers: [{ type: "Team", id: 4217 }], deployment_branch_policy: own };
  expect((await ask("PUT", "/environments/prod", { ...body, wait_timer: 5 })).status).toBe(200);
  expect((await ask("GET", "/environments/prod", undefined, sam)).body).toMatchObject({
    name: "prod",
    can_admins_bypass: true,
    protection_rules: [
      { type: "wait_timer", wait_timer: 5 },
      {
        type: "required_reviewers",
        prevent_self_review: true,
        reviewers: [{ type: "Team", reviewer: { id: 4217, slug: "mail-team" } }],
      },
      { type: "branch_policy" },
    ],
    deployment_branch_policy: own,
  });
  // What a body does not say is taken back.
  expect((await ask("PUT", "/environments/prod")).body).toMatchObject({
    protection_rules: [],
    deployment_branch_policy: null,
  });
});

test.each<[what: string, body: object, message: string]>([
  [
    "to review one's own where nobody reviews",
    { prevent_self_review: true },
    "Failed to create or update the environment protection rule. Required reviewers must have at least one reviewer to set prevent_self_review.",
  ],
  [
    "both kinds of branches",
    { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    "Validation Failed",
  ],
  ["a reviewer who is nobody", { reviewers: [{ type: "User", id: 1 }] }, "Validation Failed"],
  ["to wait longer than 30 days", { wait_timer: 43_201 }, "Validation Failed"],
])("%s is refused with 422, and nothing is made", async (_what, body, message) => {
  expect(await ask("PUT", "/environments/refused", body)).toMatchObject({
    status: 422,
    body: { message, status: "422" },
  });
  expect((await ask("GET", "/environments/refused")).status).toBe(404);
});

test("reviewers of a private repository want a paid plan", async () => {
  const repository = azure.gitHub.repositories.find("contoso", "mail-bot")!;
  repository.freePlan = true;
  const refused = await ask("PUT", "/environments/paid", { reviewers: [{ type: "Team", id: 4217 }] });
  repository.freePlan = false;
  expect(refused).toMatchObject({
    status: 422,
    body: {
      message: expect.stringMatching(
        /^Failed to create the environment protection rule\. Please ensure the billing plan/,
      ) as string,
    },
  });
});

test("branches are listed where the environment has a list of its own, each once", async () => {
  const path = "/environments/staging/deployment-branch-policies";
  await ask("PUT", "/environments/staging", {});
  expect((await ask("POST", path, { name: "main" })).status).toBe(404);
  await ask("PUT", "/environments/staging", { deployment_branch_policy: own });
  const made = await ask("POST", path, { name: "main", type: "branch" });
  expect(made).toMatchObject({ status: 200, body: { name: "main", type: "branch", id: expect.any(Number) as number } });
  expect((await ask("POST", path, { name: "main", type: "branch" })).status).toBe(303);
  expect((await ask("GET", path)).body).toMatchObject({ total_count: 1, branch_policies: [{ name: "main" }] });
  expect((await ask("DELETE", `${path}/${String(made.body.id)}`)).status).toBe(204);
});

test("variables come in pages of ten, thirty at most, with links; one is made once, and changed where it is there", async () => {
  await ask("PUT", "/environments/dev", {});
  const path = "/environments/dev/variables";
  for (let at = 0; at < 35; at++)
    expect((await ask("POST", path, { name: `v_${at}`, value: String(at) })).status).toBe(201);
  const first = await ask("GET", path);
  expect([(first.body.variables as object[]).length, first.body.total_count]).toEqual([10, 35]);
  expect(first.headers.get("link")).toMatch(/\?page=2>; rel="next", <[^>]+\?page=4>; rel="last"$/);
  const second = await ask("GET", `${path}?per_page=100&page=2`);
  expect([(second.body.variables as { name: string }[])[0]?.name, second.headers.get("link")]).toEqual(["V_30", null]);
  expect(await ask("POST", path, { name: "V_1", value: "x" })).toMatchObject({ status: 409 });
  expect((await ask("PATCH", `${path}/V_1`, { value: "x" })).status).toBe(204);
  expect((await ask("GET", `${path}/v_1`)).body).toMatchObject({ name: "V_1", value: "x" });
  expect((await ask("PATCH", `${path}/NONE`, { value: "x" })).status).toBe(404);
  expect((await ask("POST", path, { name: "GITHUB_X", value: "x" })).status).toBe(422);
});

test("a job's token says which job it is, by a key that its issuer publishes, and only its own request gets one", async () => {
  const { environment } = azure.gitHub.jobs.start({ repository: "contoso/mail-bot", ref: "refs/pull/7/merge" });
  const address = `${environment.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`;
  const wrong = await azure.call("job", address, { headers: { authorization: "Bearer wrong" } });
  expect(wrong.status).toBe(401);
  const authorization = `Bearer ${environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  const { value } = (await (await azure.call("job", address, { headers: { authorization } })).json()) as {
    value: string;
  };
  const [header, claims] = value
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as object) as [
    { kid: string },
    { iat: number; exp: number },
  ];
  expect(claims).toMatchObject({
    iss: "https://token.actions.githubusercontent.com",
    aud: "api://AzureADTokenExchange",
    sub: "repo:contoso@9919/mail-bot@1296269:pull_request",
    repository: "contoso/mail-bot",
    ref: "refs/pull/7/merge",
  });
  expect(claims.exp - claims.iat).toBe(300);
  const metadata = await azure.call(
    "Entra ID",
    "https://token.actions.githubusercontent.com/.well-known/openid-configuration",
  );
  const { jwks_uri } = (await metadata.json()) as { jwks_uri: string };
  expect(await (await azure.call("Entra ID", jwks_uri)).json()).toMatchObject({
    keys: [{ kid: header.kid, alg: "RS256" }],
  });
});
