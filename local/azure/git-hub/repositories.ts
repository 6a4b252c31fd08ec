import { hour } from "../../../contract/time";
import { wholeSeconds } from "../../../infra/deployment/secret-life";
import type { Kept } from "../../data/folder";
import type { Azure } from "../service";
import type { Person } from "../tenant";
import { gitHubApiHost, gitHubHost, loginOf, simpleUser } from "./account";

/** A repository with its issues. Everybody of the tenant is a member of its organisation. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly issues: Issue[];
  readonly id: number;
  /** Whether the subjects of its jobs' tokens have ids in them, as those of every repository made since July 2026. */
  immutableSubject: boolean;
  /** Whether its owner pays nothing, so that a private repository has no reviewers. */
  freePlan: boolean;
}

/** Number of the organisation. */
const ownerId = 9919;

/**
 * How the subject of a job's token begins.
 * https://docs.github.com/actions/reference/security/oidc
 */
export function subjectPrefix({ owner, name, id, immutableSubject }: Repository): string {
  return immutableSubject ? `repo:${owner}@${ownerId}/${name}@${id}` : `repo:${owner}/${name}`;
}

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly string[];
  readonly state: "open" | "closed";
  /** Login names. */
  readonly author: string;
  readonly assignees: readonly string[];
  readonly createdAt: Date;
}

/** An issue before it has a number. */
export type NewIssue = Pick<Issue, "title" | "body" | "labels" | "assignees">;

const owner = "contoso";

/** GitHub's repositories of the local company, and their issues. */
export class Repositories {
  #repositories: Repository[];

  constructor(private readonly azure: Azure) {
    this.#repositories = [
      { ...newRepository(1_296_267, "website"), private: false },
      newRepository(1_296_268, "orders-app"),
      newRepository(1_296_269, "mail-bot"),
    ];
    const [ada, sam, kim] = ["ada", "sam", "kim"] as const;
    // An hour apart, oldest first: lists are sorted by time, and issues of one instant would come in any order.
    let hoursAgo = 4;
    const seed = (name: string, author: string, assignee: string, title: string, body: string, label: string): void => {
      const at = new Date(azure.clock.now().getTime() - hoursAgo-- * hour);
      this.#add(this.find(owner, name) as Repository, author, at, {
        title,
        body,
        labels: [label],
        assignees: [assignee],
      });
    };
    seed("orders-app", sam, ada, "Who may approve an order above 1,000 EUR?", "Fabrikam asked again.", "question");
    seed("orders-app", kim, sam, "Export to CSV loses umlauts", "Steps: export, open in a spreadsheet.", "bug");
    seed("website", kim, sam, "Price list shows last year's prices", "A customer called about the desk lamps.", "bug");
    seed("website", ada, kim, "Add the new support hours", "Monday to Friday, 8 to 18.", "content");
  }

  get kept(): Kept {
    return {
      name: "GitHub repositories",
      snapshot: () => this.#repositories,
      restore: (kept) => {
        this.#repositories = kept as Repository[];
      },
    };
  }

  find = (of: string, name: string): Repository | undefined =>
    this.#repositories.find((one) => one.owner === of.toLowerCase() && one.name.toLowerCase() === name.toLowerCase());

  /** Issues that are assigned to somebody, newest first, with their repositories. */
  assignedTo(login: string): { repository: Repository; issue: Issue }[] {
    return this.#repositories
      .flatMap((repository) => repository.issues.map((issue) => ({ repository, issue })))
      .filter(({ issue }) => issue.assignees.includes(login))
      .sort((one, other) => other.issue.createdAt.getTime() - one.issue.createdAt.getTime());
  }

  open(repository: Repository, author: Person, issue: NewIssue): Issue {
    return this.#add(repository, loginOf(author), this.azure.clock.now(), issue);
  }

  #add(repository: Repository, author: string, createdAt: Date, issue: NewIssue): Issue {
    const number = repository.issues.length + 1;
    const made: Issue = { ...issue, number, state: "open", author, createdAt };
    repository.issues.push(made);
    return made;
  }

  isMember(login: string): boolean {
    return this.azure.tenant.people.some((person) => loginOf(person) === login);
  }

  /** An issue as the REST API shows it. https://docs.github.com/rest/issues/issues */
  show({ repository, issue }: { repository: Repository; issue: Issue }, withRepository: boolean): object {
    const user = (login: string): object =>
      simpleUser(this.azure.tenant.people.find((person) => loginOf(person) === login)!);
    const api = `https://${gitHubApiHost}/repos/${repository.owner}/${repository.name}`;
    const at = wholeSeconds(issue.createdAt);
    const assignees = issue.assignees.map(user);
    return {
      url: `${api}/issues/${issue.number}`,
      repository_url: api,
      labels_url: `${api}/issues/${issue.number}/labels{/name}`,
      comments_url: `${api}/issues/${issue.number}/comments`,
      events_url: `${api}/issues/${issue.number}/events`,
      html_url: `https://${gitHubHost}/${repository.owner}/${repository.name}/issues/${issue.number}`,
      number: issue.number,
      title: issue.title,
      user: user(issue.author),
      labels: issue.labels.map((name) => ({ name, color: "ededed", default: false, description: null })),
      state: issue.state,
      locked: false,
      assignee: assignees[0] ?? null,
      assignees,
      milestone: null,
      comments: 0,
      created_at: at,
      updated_at: at,
      closed_at: null,
      author_association: "MEMBER",
      active_lock_reason: null,
      body: issue.body,
      state_reason: null,
      ...(withRepository && { repository: showRepository(repository) }),
    };
  }
}

const newRepository = (id: number, name: string): Repository => ({
  id,
  owner,
  name,
  private: true,
  issues: [],
  immutableSubject: true,
  freePlan: false,
});

/** A repository as the REST API shows it. https://docs.github.com/rest/repos/repos */
export function showRepository(repository: Repository): object {
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    id: repository.id,
    name: repository.name,
    full_name: fullName,
    owner: { login: repository.owner, id: ownerId, type: "Organization" },
    private: repository.private,
    default_branch: "main",
    html_url: `https://${gitHubHost}/${fullName}`,
    url: `https://${gitHubApiHost}/repos/${fullName}`,
    has_issues: true,
    visibility: repository.private ? "private" : "public",
  };
}
