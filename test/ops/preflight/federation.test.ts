import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Access } from "../../../infra/azure/access";
import { federation, findingOf } from "../../../ops/preflight/federation";
import { type FederatedCredential, gitHubsIssuer } from "../../../ops/git-hub/federated-credential";
import { environments } from "../../../infra/settings/environment";
import { repositoryIn } from "../../../ops/git-hub/repository";
import { environmentsOf } from "../../../ops/git-hub/environments";
import { pipelineAtGitHub } from "../../../ops/preflight/git-hub";
import { section, table } from "../../support/runbook";

const clientId = "2f4a9c80-6a0e-4f0e-8f52-4f8a2a1d9f10";
const subject = "repo:contoso@9919/mail-bot@1296269:environment:prod";
const credential = (change: Partial<FederatedCredential> = {}): FederatedCredential => ({
  name: "github-prod",
  issuer: gitHubsIssuer,
  subject,
  audiences: ["api://AzureADTokenExchange"],
  ...change,
});
const look = (...registered: FederatedCredential[]): ReturnType<typeof findingOf> =>
  findingOf("prod", subject, clientId, registered);
const wanted = `{"name":"github-prod","issuer":"${gitHubsIssuer}","subject":"${subject}","audiences":["api://AzureADTokenExchange"]}`;

test("an application that trusts exactly the subject is fine, whatever else it trusts", () => {
  expect(look(credential({ name: "other", subject: "repo:x/y:environment:prod" }), credential())).toMatchObject({
    state: "held",
    because: "github-prod",
  });
});

test.each<[string, Partial<FederatedCredential>, string]>([
  ["names without ids", { subject: "repo:contoso/mail-bot:environment:prod" }, "the subject repo:contoso/mail-bot:env"],
  ["another case", { subject: subject.replace("contoso@", "Contoso@") }, "the subject repo:Contoso@9919"],
  [
    "a branch in place of the environment",
    { subject: "repo:contoso/mail-bot:ref:refs/heads/main" },
    "the subject repo",
  ],
  ["pull requests", { subject: "repo:contoso/mail-bot:pull_request" }, "the subject repo:contoso/mail-bot:pull_req"],
  ["an issuer with a slash", { issuer: `${gitHubsIssuer}/` }, `the issuer ${gitHubsIssuer}/`],
  ["another audience", { audiences: ["api://other"] }, "the audience api://other"],
])("a credential with %s is named, with the command that corrects it in place", (_what, change, said) => {
  const finding = look(credential(change));
  expect(finding).toMatchObject({
    state: "missing",
    because: expect.stringContaining(`github-prod of the application ${clientId} trusts ${said}`) as string,
    fix: `az ad app federated-credential update --id ${clientId} --federated-credential-id github-prod --parameters '${wanted}'`,
  });
  expect(finding.because).toContain("AADSTS700213");
});

test.each<[string, FederatedCredential[]]>([
  ["nothing", []],
  ["another environment alone", [credential({ subject: "repo:contoso/mail-bot:environment:staging" })]],
  ["a managed identity alone", [credential({ issuer: "https://login.microsoftonline.com/t/v2.0", subject: "id" })]],
])("an application that trusts %s gets a new credential, and keeps what it has", (_what, registered) => {
  expect(look(...registered)).toMatchObject({
    state: "missing",
    fix: `az ad app federated-credential create --id ${clientId} --parameters '${wanted}'`,
  });
});

test("no text of a subject becomes part of the command", () => {
  const { fix } = findingOf("prod", "repo:a/b:environment:it's; rm -rf ~", clientId, []);
  const [typed] = execFileSync("bash", ["-c", `printf '%s\\n' ${fix!.replace(/^.*--parameters /, "")}`], {
    encoding: "utf8",
  }).split("\n");
  expect(JSON.parse(typed!)).toMatchObject({ subject: "repo:a/b:environment:it's; rm -rf ~" });
});

test("the environments that are looked at are those of the runbook's table", () => {
  const rows = table(section("A pipeline that signs in without a secret")).map((row) => [
    /`(\S+)`/.exec(row.environment!)![1]!,
    /`(\S+)`/.exec(row["its stack's state and key"]!)![1]!,
  ]);
  for (const stack of environments) {
    const expected = rows.filter(([, of]) => of === stack).map(([environment]) => environment!);
    expect(
      environmentsOf(stack, stack)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(expected.sort());
  }
});

test.each([
  ["git@github.com:contoso/mail-bot.git", "contoso/mail-bot"],
  ["https://github.com/contoso/mail.bot", "contoso/mail.bot"],
  ["https://x-access-token:secret@github.com/contoso/mail-bot.git", "contoso/mail-bot"],
  ["ssh://git@ssh.github.com:443/contoso/mail-bot.git", "contoso/mail-bot"],
  ["git@dev.azure.com:v3/contoso/bots/mail-bot", undefined],
  ["https://github.com.evil.example/contoso/mail-bot", undefined],
  ["https://evil.example/github.com/contoso/mail-bot", undefined],
  ["", undefined],
])("the remote %s is the repository %s", (remote, repository) => {
  expect(repositoryIn(remote)).toBe(repository);
});

describe("asked of git and of GitHub, with the token that GitHub's CLI holds", () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "federation-"))));
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A project with this remote, and a GitHub that answers these paths to whoever is signed in. */
  async function project(
    remote: string,
    answers?: Readonly<Record<string, object>>,
  ): Promise<ReturnType<typeof pipelineAtGitHub>> {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    if (answers !== undefined) {
      writeFileSync(join(bin, "gh"), '#!/bin/sh\n[ "$*" = "auth token" ] && echo held || exit 1\n');
      chmodSync(join(bin, "gh"), 0o755);
    }
    server = createServer((request, response) => {
      const answer = request.headers.authorization === "Bearer held" && answers?.[request.url ?? ""];
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer || { message: "Not Found" }));
    });
    await new Promise<void>((listening) => server!.listen(0, "127.0.0.1", listening));
    execFileSync("git", ["init", "--quiet", folder]);
    execFileSync("git", ["-C", folder, "remote", "add", "origin", remote]);
    return pipelineAtGitHub(folder, {
      PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin`,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
  }
  const findings = async (pipeline: ReturnType<typeof project>): ReturnType<typeof federation> =>
    federation(await pipeline, {} as Access, ["prod"]);
  const form = "/repos/contoso/mail-bot/actions/oidc/customization/sub";

  test("the prefix that GitHub tells is the one, also where it calls the form not immutable", async () => {
    const told = { use_default: true, use_immutable_subject: false };
    const answer = { ...told, sub_claim_prefix: "repo:contoso@9919/mail-bot@1296269" };
    const [finding] = await findings(project("git@github.com:contoso/mail-bot.git", { [form]: answer }));
    expect(finding).toMatchObject({
      what: `GitHub: jobs of the environment prod sign in as ${subject}`,
      state: "unsure",
    });
  });

  test("a GitHub that tells no prefix has names alone, spelt as GitHub spells them", async () => {
    const gitHub = {
      [form]: { use_default: true },
      "/repos/contoso/mail-bot": { full_name: "Contoso/Mail-Bot" },
    };
    const [finding] = await findings(project("https://github.com/contoso/mail-bot", gitHub));
    expect(finding!.what).toContain("sign in as repo:Contoso/Mail-Bot:environment:prod");
  });

  test("the application as which an environment's jobs sign in is asked for by the environment's own variable", async () => {
    const variable = "/repos/contoso/mail-bot/environments/prod/variables/AZURE_CLIENT_ID";
    const pipeline = await project("https://github.com/contoso/mail-bot", { [variable]: { value: clientId } });
    expect(await pipeline.clientId("contoso/mail-bot", "prod")).toBe(clientId);
    expect(await pipeline.clientId("contoso/mail-bot", "staging")).toBeUndefined();
  });

  test.each([
    ["where the organisation has a form of its own", { [form]: { use_default: false } }],
    ["where nobody is signed in to GitHub", undefined],
  ])("%s, both forms are said and nothing is called wrong", async (_when, gitHub) => {
    expect(await findings(project("https://github.com/contoso/mail-bot", gitHub))).toEqual([
      {
        what: "GitHub: jobs of the environment prod sign in as repo:contoso/mail-bot:environment:prod",
        state: "unsure",
        because:
          "since July 2026 a new, renamed or moved repository's begins with repo:<owner>@<id>/mail-bot@<id>; ask",
        fix: "gh api repos/contoso/mail-bot/actions/oidc/customization/sub --jq .sub_claim_prefix",
      },
    ]);
  });

  test("a project that comes from elsewhere is asked nothing", async () => {
    expect(await findings(project("git@dev.azure.com:v3/contoso/bots/mail-bot"))).toEqual([]);
  });
});
