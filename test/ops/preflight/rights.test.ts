import { azureRights } from "../../../ops/preflight/azure-rights";
import { entraRights } from "../../../ops/preflight/entra-rights";
import { loginProblem } from "../../../ops/cli/login-problem";

const person = { oid: "3c1f0a4e-2a0e-4d0d-9d53-0f0f9c1c7a11", tid: "t", scp: "Application.ReadWrite.All" };
const application = { oid: person.oid, tid: "t", appid: "0f0f9c1c-0a4e-4d0d-9d53-3c1f7a110000" };
const plain = { adminConsent: false, preview: false };
const consent = { adminConsent: true, preview: false };
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

test("a role that takes a right away with notActions does not give it", () => {
  const contributor = { name: "Contributor", actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
  const states = azureRights([contributor], person, "/subscriptions/s").map(({ state }) => state);
  expect(states).toEqual([...Array.from({ length: 7 }, () => "held"), "missing"]);
});

test("two roles that each hold a part are enough together, and both are named", () => {
  const roles = [
    { name: "Contributor", actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] },
    { name: "Access", actions: ["microsoft.authorization/roleassignments/*"], notActions: [] },
  ];
  expect(azureRights(roles, person, "/subscriptions/s").at(-1)).toEqual({
    what: "Azure: give the managed identity its roles",
    state: "held",
    because: "Access",
  });
});

test("a person gets a fix for a person", () => {
  expect(azureRights([], person, "/subscriptions/s")[0]!.fix).toContain("--assignee-principal-type User");
  expect(entraRights(person, consent)[1]!.fix).toContain("roleManagement/directory/roleAssignments");
});

test("a person without a role in Entra is not told that he may not register, because most tenants let him", () => {
  expect(entraRights(person, plain)).toMatchObject([
    { state: "unsure", because: expect.stringContaining("most tenants") },
  ]);
});

test("whether the tenant lets every user register decides for a person without a role, where it could be read", () => {
  expect(entraRights(person, { ...plain, everybodyRegisters: true })).toMatchObject([{ state: "held" }]);
  expect(entraRights(person, { ...plain, everybodyRegisters: false })).toMatchObject([
    { state: "missing", because: expect.stringContaining("Application Developer or"), fix: expect.any(String) },
  ]);
  const developer = { ...person, wids: ["cf1c38e5-3621-4004-a7cb-879624dced7c"] };
  expect(entraRights(developer, { ...plain, everybodyRegisters: false })).toMatchObject([{ state: "held" }]);
});

test("consent for everyone is looked for only where the stack asks for it, and needs more than registering", () => {
  const owned = { ...application, roles: ["Application.ReadWrite.OwnedBy"] };
  expect(entraRights(owned, plain).map(({ state }) => state)).toEqual(["held"]);
  expect(entraRights(owned, consent).map(({ state }) => state)).toEqual(["held", "missing"]);
  expect(entraRights({ ...person, wids: [globalAdministrator] }, consent)).toMatchObject([
    { state: "held", because: "Global Administrator" },
    { state: "held", because: "Global Administrator" },
  ]);
  const privileged = { ...person, wids: ["e8611ab8-c189-46e8-94e1-60213ab1f814"] };
  expect(entraRights(privileged, consent)[1]).toMatchObject({
    state: "held",
    because: "Privileged Role Administrator",
  });
});

test("what a preview's receipt asks of Entra is looked for only where there is one, and managing one's own applications is not enough", () => {
  const preview = { adminConsent: false, preview: true };
  const owned = { ...application, roles: ["Application.ReadWrite.OwnedBy"] };
  const fixed = (permission: string): unknown => expect.stringContaining(`--api-permissions ${permission}=Role`);
  expect(entraRights(owned, preview).slice(1)).toEqual([
    {
      what: "Entra: see what is in the recycle bins (the receipt of a preview)",
      state: "missing",
      because: "Application.Read.All",
      fix: fixed("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
    },
    {
      what: "Entra: see who has consented (the receipt of a preview)",
      state: "missing",
      because: "DelegatedPermissionGrant.Read.All",
      fix: fixed("81b4724a-58aa-41c1-8a55-84ef97466587"),
    },
  ]);
  const states = (...roles: string[]): string[] =>
    entraRights({ ...owned, roles: [...owned.roles, ...roles] }, preview).map(({ state }) => state);
  expect(states("Directory.Read.All")).toEqual(["held", "held", "held"]);
  expect(states("Application.Read.All")).toEqual(["held", "held", "missing"]);
  expect(states("DelegatedPermissionGrant.Read.All")).toEqual(["held", "missing", "held"]);
});

test.each([
  ["AADSTS70043: The refresh token has expired", "login-expired", "az login --tenant t"],
  [
    "Azure CLI could not be found. Please visit https://aka.ms/azure-cli and then authenticate using 'az login'.",
    "azure-cli-missing",
    "Set ARM_CLIENT_ID, ARM_CLIENT_SECRET and ARM_TENANT_ID, or install it (https://aka.ms/azure-cli) and az login --tenant t",
  ],
  [
    "Please run 'az login' from a command prompt to authenticate before using this credential.",
    "login-expired",
    "az login --tenant t",
  ],
  ["AADSTS7000222: The provided client secret keys are expired.", "login-expired", "az ad app credential reset"],
  ["AADSTS90002: Tenant 't' not found.", "wrong-tenant", "ARM_TENANT_ID"],
  ["getaddrinfo ENOTFOUND login.microsoftonline.com", "sign-in-refused", "Check the network, and HTTPS_PROXY"],
  ["AADSTS999999: Nobody knows.", "sign-in-refused", "Nobody knows. The words above are all that is known of it."],
])("%s is told as one sentence with its fix", (said, code, fix) => {
  const problem = loginProblem(`${said}\nTrace ID: 1`, "t");
  expect(problem.code).toBe(code);
  expect(problem.message).toContain(fix);
  expect(problem.message).not.toContain("\n");
});
