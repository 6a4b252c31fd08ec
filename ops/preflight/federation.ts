import { deployerErrors } from "../../contract/known-errors/deployer";
import { shellWord } from "../../cli/shell-word";
import { knownError } from "../../contract/known-errors/known-error";
import type { Access } from "../../infra/azure/access";
import { AzureCallError } from "../../infra/azure/azure-call-error";
import { chooseSignIn, type Environment, oidcToken } from "../../infra/azure/credential";
import { graphGet, graphList } from "../../infra/azure/graph";
import { compareCredentials, type FederatedCredential, wantedCredential } from "../git-hub/federated-credential";
import { type Finding, unreadable } from "./finding";
import type { PipelineAtGitHub } from "./git-hub";
import { OpsError } from "../cli/ops-error";

/** What an issuer's token says of who carries it. */
type Presented = Omit<FederatedCredential, "name">;

/**
 * A refused sign-in in other words, where it was refused because the application does not trust the token that was shown;
 * else the error as it is.
 */
export async function explained(error: unknown, environment: Environment): Promise<unknown> {
  if (!(error instanceof AzureCallError)) return error;
  const { id } = knownError(deployerErrors, { code: error.code, message: error.cause }) ?? {};
  if (id !== "deployer-token-not-trusted") return error;
  const token = await oidcToken(chooseSignIn(environment), globalThis.fetch).catch(() => undefined);
  if (!token) return error;
  const { iss = "", sub = "", aud = [] } = claimsOf(token);
  const shown = { issuer: iss, subject: sub, audiences: [aud].flat() };
  return new OpsError(
    "subject-not-trusted",
    `The application ${environment.ARM_CLIENT_ID} does not trust the token of ${shown.issuer} for ${shown.subject} (${error.code})`,
    creating(environment.ARM_CLIENT_ID ?? "$ARM_CLIENT_ID", shown),
  );
}

function claimsOf(token: string): { iss?: string; sub?: string; aud?: string | string[] } {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as object;
  } catch {
    return {};
  }
}

/**
 * Whether the applications as which the pipeline signs in trust it: for each environment the subject that its jobs send, held
 * against what is registered. Nothing where the project does not come from GitHub.
 */
export async function federation(
  pipeline: PipelineAtGitHub,
  access: Access,
  environments: readonly string[],
): Promise<Finding[]> {
  const repository = await pipeline.repository();
  if (repository === undefined) return [];
  const prefix = await pipeline.subjectPrefix(repository);
  if (prefix === undefined) return environments.map((environment) => unknownPrefix(repository, environment));
  return Promise.all(
    environments.map(async (environment) => {
      const subject = `${prefix}:environment:${environment}`;
      const clientId = await pipeline.clientId(repository, environment);
      if (clientId === undefined || !/^[0-9a-f-]{36}$/i.test(clientId)) return unknownIdentity(environment, subject);
      return findingOf(environment, subject, clientId, await credentialsOf(access, clientId));
    }),
  );
}

const signsIn = (environment: string, subject: string): string =>
  `GitHub: jobs of the environment ${environment} sign in as ${subject}`;

function unknownPrefix(repository: string, environment: string): Finding {
  const name = repository.split("/").at(-1);
  return {
    what: signsIn(environment, `repo:${repository}:environment:${environment}`),
    state: "unsure",
    because: `since July 2026 a new, renamed or moved repository's begins with repo:<owner>@<id>/${name}@<id>; ask`,
    fix: `gh api repos/${repository}/actions/oidc/customization/sub --jq .sub_claim_prefix`,
  };
}

function unknownIdentity(environment: string, subject: string): Finding {
  return {
    what: signsIn(environment, subject),
    state: "unsure",
    because: "GitHub does not tell you as which application; where a pipeline is to deploy",
    fix: `gh variable set AZURE_CLIENT_ID --env ${environment} --body <client id>`,
  };
}

/** Holds a subject against what is registered. Pure. */
export function findingOf(
  environment: string,
  subject: string,
  clientId: string,
  registered: readonly FederatedCredential[] | string,
): Finding {
  const what = signsIn(environment, subject);
  const shown = wantedCredential(environment, subject);
  if (typeof registered === "string") {
    return { what, state: "unsure", because: registered, fix: `az ad app federated-credential list --id ${clientId}` };
  }
  const { trusting, wrong, differs } = compareCredentials(environment, shown, registered);
  if (trusting) return { what, state: "held", because: trusting.name };
  if (!wrong) {
    const because = `the application ${clientId} trusts no such job`;
    return { what, state: "missing", because, fix: creating(clientId, shown) };
  }
  const { name } = wrong;
  return {
    what,
    state: "missing",
    because: `${name} of the application ${clientId} trusts ${differs}; GitHub's token is refused with AADSTS700213`,
    fix: `az ad app federated-credential update --id ${clientId} --federated-credential-id ${name} --parameters ${shellWord(JSON.stringify({ ...shown, name }))}`,
  };
}

/** https://learn.microsoft.com/cli/azure/ad/app/federated-credential */
function creating(clientId: string, { issuer, subject, audiences }: Presented): string {
  const [, environment = "job"] = /:environment:([\w.-]+)$/.exec(subject) ?? [];
  const parameters = shellWord(JSON.stringify({ name: `github-${environment}`, issuer, subject, audiences }));
  return `az ad app federated-credential create --id ${clientId} --parameters ${parameters}`;
}

/** The credentials of an application, or why they are not known. https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials */
async function credentialsOf(access: Access, clientId: string): Promise<readonly FederatedCredential[] | string> {
  const application = await readable(
    `the application ${clientId}`,
    graphGet<{ id: string }>(access, `/applications(appId='${encodeURIComponent(clientId)}')?$select=id`),
  );
  if (application === undefined) return `the tenant has no application ${clientId}`;
  if (typeof application === "string") return application;
  return readable(
    `what the application ${clientId} trusts`,
    graphList<FederatedCredential>(access, `/applications/${application.id}/federatedIdentityCredentials`),
  );
}

/** What was read, or why it was not. */
async function readable<Found>(what: string, read: Promise<Found>): Promise<Found | string> {
  return read.catch((error: unknown) => unreadable(what, error));
}
