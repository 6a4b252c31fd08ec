import type { KnownError } from "./known-error";

const rest = "https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api";

/**
 * What GitHub refuses to the commands that write into a repository: pipeline and the comments of previews. It gives no codes, and
 * says "Not Found" of what may not be seen as well; what was asked for stands before its words: `PUT /repos/.../environments/dev:
 * 404 Not Found`.
 */
export const gitHubErrors: readonly KnownError[] = [
  {
    id: "github-credentials",
    codes: [],
    says: /Bad credentials|Requires authentication/i,
    cause: "Nobody is signed in to GitHub, or the token has ended",
    fix: "Sign in with gh auth login, or put a token that is good into GH_TOKEN; in a job run it again.",
    source: "https://docs.github.com/rest/authentication/authenticating-to-the-rest-api",
  },
  {
    id: "github-job-right",
    codes: [],
    says: /Resource not accessible by integration/i,
    cause: "The token of the job lacks a right at the repository",
    fix: "Give the job the right pull-requests: write.",
    source: "https://docs.github.com/actions/tutorials/authenticate-with-github_token",
  },
  {
    id: "github-comment",
    codes: [],
    says: /\/issues\/[^:]*: 404 Not Found/i,
    cause: "There is no such pull request, or the token may not see the repository",
    fix: "Check the number of the pull request, and that the token may read the repository.",
    source: rest,
  },
  {
    id: "github-administrator",
    codes: [],
    says: /Must have admin rights|Resource not accessible by personal access token|\/environments\b[^:]*: 404 Not Found/i,
    cause: "Whoever is signed in to GitHub is no administrator of the repository, or the token does not say so",
    fix: "Only an administrator of the repository may: of a classic token with the scope repo, of a fine-grained one with the permissions Administration, Environments and Variables (write).",
    source: "https://docs.github.com/rest/deployments/environments",
  },
];
