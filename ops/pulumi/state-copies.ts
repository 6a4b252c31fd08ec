import type { PulumiProject } from "./project";
import { stateFiles, type StateFiles } from "./state-files";

/**
 * The copies of a stack's state that Pulumi keeps and leaves when it removes the stack: the one beside it (`pr-42.json.bak`),
 * and, where somebody worked on the stack with `pulumi` itself, one of each change before. Their secrets are encrypted; a preview
 * leaves no trace all the same.
 */
export class StateCopies {
  private constructor(
    private readonly files: StateFiles,
    private readonly project: string,
    private readonly stack: string,
    /** How many there were when this was made. */
    readonly before: number,
  ) {}

  /** Undefined for a backend in which nobody but Pulumi can look. */
  static async of(project: PulumiProject, stack: string): Promise<StateCopies | undefined> {
    try {
      const files = await stateFiles(project);
      if (!files) return undefined;
      const before = await new StateCopies(files, project.project, stack, 0).count();
      return new StateCopies(files, project.project, stack, before);
    } catch {
      return undefined;
    }
  }

  /** What no look at such a backend can find. */
  static notChecked(copies: StateCopies | undefined): readonly string[] {
    if (!copies) return ["what the backend keeps of an emptied state"];
    return copies.files.keptIn === "blobs" ? ["versions of the state, where its storage account keeps them"] : [];
  }

  async count(): Promise<number> {
    // Beside each file lies one of its attributes.
    return (await this.#paths()).filter((path) => !path.endsWith(".attrs")).length;
  }

  /** Removes them, and gives how many are left; with the reason where their storage refuses to be asked. */
  async remove(): Promise<{ readonly left: number; readonly why?: string }> {
    try {
      for (const path of await this.#paths()) await this.files.remove(path);
      return { left: await this.count() };
    } catch (error) {
      const [why = ""] = (error as Error).message.split("\n");
      return { left: await this.count().catch(() => Math.max(1, this.before)), why };
    }
  }

  /** However the state is packed: `.json`, `.json.gz`. */
  async #paths(): Promise<string[]> {
    const beside = `.pulumi/stacks/${this.project}`;
    const before = `.pulumi/backups/${this.project}/${this.stack}`;
    const rest = (name: string): string => (name.startsWith(this.stack) ? name.slice(this.stack.length) : "");
    const names = await Promise.all([beside, before].map((folder) => this.files.list(folder)));
    return [
      ...names[0]!
        .filter((name) => /^\.json(\.\w+)?\.bak(\.attrs)?$/.test(rest(name)))
        .map((name) => `${beside}/${name}`),
      ...names[1]!
        .filter((name) => /^\.\d+\.json(\.\w+)?(\.attrs)?$/.test(rest(name)))
        .map((name) => `${before}/${name}`),
    ];
  }
}
