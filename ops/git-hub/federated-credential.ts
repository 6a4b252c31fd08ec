/** Who signs the tokens of GitHub's jobs. */
export const gitHubsIssuer = "https://token.actions.githubusercontent.com";
const audience = "api://AzureADTokenExchange";

/** A federated identity credential: whose token an application takes in place of a secret. */
export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** What an application has to trust, so that the jobs of an environment sign in as it. */
export function wantedCredential(environment: string, subject: string): FederatedCredential {
  return { name: `github-${environment}`, issuer: gitHubsIssuer, subject, audiences: [audience] };
}

/** Which of an application's credentials is the wanted one, or was meant to be, and what of it is wrong. Pure. */
export function compareCredentials<One extends FederatedCredential>(
  environment: string,
  wanted: FederatedCredential,
  registered: readonly One[],
): { readonly trusting?: One; readonly wrong?: One; readonly differs: string } {
  const trusting = registered.find((one) => fits(one, wanted));
  if (trusting) return { trusting, differs: "" };
  const wrong = registered.find((one) => meant(one, environment));
  if (!wrong) return { differs: "" };
  const differs = [
    ...(wrong.subject === wanted.subject ? [] : [`the subject ${wrong.subject}`]),
    ...(wrong.issuer === gitHubsIssuer ? [] : [`the issuer ${wrong.issuer}`]),
    ...(wrong.audiences.includes(audience) ? [] : [`the audience ${wrong.audiences.join(", ")}`]),
  ];
  return { wrong, differs: differs.join(" and ") };
}

/** Entra compares every letter, and its case. */
function fits({ issuer, subject, audiences }: FederatedCredential, wanted: FederatedCredential): boolean {
  return issuer === wanted.issuer && subject === wanted.subject && audiences.includes(audience);
}

/** Whether a credential was made for this environment, or for these jobs without one, and is wrong. */
function meant({ issuer, subject }: FederatedCredential, environment: string): boolean {
  const ofGitHub = issuer.includes("githubusercontent.com") || subject.startsWith("repo:");
  return (
    ofGitHub &&
    (subject.toLowerCase().endsWith(`:environment:${environment.toLowerCase()}`) || !/:environment:/.test(subject))
  );
}
