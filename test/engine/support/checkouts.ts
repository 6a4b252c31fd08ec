import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
/** What a workflow needs of this project, without its tests and documents. */
const parts = [
  "bot",
  "cli",
  "contract",
  "infra",
  "ops",
  "install.js",
  "package-lock.json",
  "package.json",
  "Pulumi.yaml",
  "Pulumi.preview.yaml",
  "tsconfig.json",
];

/** A repository of this project with a main branch, and fresh checkouts of it as a runner makes them. */
export class Checkouts {
  #made = 0;

  private constructor(private readonly folder: string) {}

  static async in(folder: string): Promise<Checkouts> {
    const checkouts = new Checkouts(folder);
    await mkdir(folder, { recursive: true });
    checkouts.#git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin");
    const first = await checkouts.#clone();
    for (const part of parts) await cp(join(root, part), join(first, part), { recursive: true });
    await writeFile(join(first, ".gitignore"), "node_modules\nPulumi.pr-*.yaml\n");
    checkouts.#commit(first, "main");
    checkouts.#git(first, "push", "--quiet", "origin", "HEAD:main");
    return checkouts;
  }

  /** A checkout of main as it is now. */
  async main(): Promise<string> {
    const folder = await this.#clone();
    this.#git(folder, "checkout", "--quiet", "main");
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    return folder;
  }

  /**
   * A pull request's branch with more changes, and a checkout of what GitHub would merge: main and the branch.
   * @param change a file's new text, by path, from its old one
   */
  async pullRequest(
    branch: string,
    change: Readonly<Record<string, (text: string) => string>>,
  ): Promise<{ folder: string; head: string }> {
    const folder = await this.main();
    const known = this.#git(folder, "branch", "--remotes", "--list", `origin/${branch}`).trim() !== "";
    this.#git(folder, "checkout", "--quiet", "-B", branch, known ? `origin/${branch}` : "origin/main");
    for (const [path, edit] of Object.entries(change)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      const text = await readFile(join(folder, path), "utf8").catch(() => "");
      await writeFile(join(folder, path), edit(text));
    }
    this.#commit(folder, branch);
    this.#git(folder, "push", "--quiet", "origin", branch);
    const head = this.#git(folder, "rev-parse", "HEAD").trim();
    this.#git(folder, "checkout", "--quiet", "--detach", "origin/main");
    this.#git(folder, "merge", "--quiet", "--no-ff", "--message", "merge", branch);
    return { folder, head };
  }

  async #clone(): Promise<string> {
    const name = `checkout-${++this.#made}`;
    this.#git(this.folder, "clone", "--quiet", "origin", name);
    return join(this.folder, name);
  }

  #commit(folder: string, message: string): void {
    this.#git(folder, "add", "--all");
    this.#git(folder, "commit", "--quiet", "--allow-empty", "--message", message);
  }

  #git(cwd: string, ...args: string[]): string {
    const author = ["-c", "user.name=Sam", "-c", "user.email=sam@contoso.example", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...author, ...args], { cwd, encoding: "utf8", stdio: "pipe" });
  }
}
