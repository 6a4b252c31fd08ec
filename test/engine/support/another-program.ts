import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { findCli, versionOf } from "./cli";
import type { Ended } from "./killing";
import type { Workshop } from "./stack";

/** A language in which docs/another-program.md shows a program. */
export interface Language {
  readonly name: string;
  /** As the document marks its block. */
  readonly fence: string;
  /** The program's file, and those beside it. */
  readonly main: string;
  readonly files: Readonly<Record<string, string>>;
  /** Why this machine cannot run it; undefined where it can. */
  readonly missing: () => string | undefined;
}

const pulumiVersion = versionOf("@pulumi/pulumi");

export const languages: readonly Language[] = [
  {
    name: "TypeScript",
    fence: "ts",
    main: "index.ts",
    files: {
      "Pulumi.yaml": "name: another\nruntime: nodejs\n",
      "package.json": JSON.stringify({
        name: "another",
        dependencies: { "@pulumi/pulumi": pulumiVersion },
        devDependencies: { typescript: versionOf("typescript"), "@types/node": versionOf("@types/node") },
      }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "nodenext",
          moduleResolution: "nodenext",
          strict: true,
          skipLibCheck: true,
        },
      }),
    },
    missing: () => undefined,
  },
  {
    name: "Python",
    fence: "python",
    main: "__main__.py",
    files: {
      "Pulumi.yaml": "name: another\nruntime:\n  name: python\n  options:\n    toolchain: pip\n    virtualenv: venv\n",
      "requirements.txt": `pulumi==${pulumiVersion}\n`,
    },
    missing: () =>
      ["pulumi-language-python", "pulumi-language-python-exec", "python3"]
        .filter((program) => !isOnPath(program))
        .map((program) => `${program} is not on this machine`)[0],
  },
];

/** Whether the CLI finds a program: beside itself, where its own archive has the language hosts, or on PATH. */
function isOnPath(program: string): boolean {
  const folders = [dirname(findCli() ?? "."), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** The document's program in this language that has a resource group handed in. */
function programIn({ fence }: Language): string {
  const text = readFileSync(resolve(__dirname, "../../../docs/another-program.md"), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)];
  const found = blocks.find(([, language, code]) => language === fence && code!.includes('"shared"'))?.[2];
  if (found === undefined) throw new Error(`docs/another-program.md shows no program in ${fence}`);
  return found;
}

/** A program in a folder of its own, and Pulumi's CLI in it. */
export class AnotherProgram {
  private constructor(
    private readonly workshop: Workshop,
    private readonly folder: string,
  ) {}

  static async in(workshop: Workshop, language: Language): Promise<AnotherProgram> {
    const folder = join(workshop.folder, "another");
    await mkdir(folder);
    for (const [file, text] of Object.entries({ ...language.files, [language.main]: programIn(language) })) {
      await writeFile(join(folder, file), text);
    }
    return new AnotherProgram(workshop, folder);
  }

  /** `pulumi package add`, which also installs what the program needs. */
  addPackage(): Promise<Ended> {
    // npm and pip have to reach their registries: nothing of the local Azure's proxy.
    const pulumi = Object.entries(this.workshop.environment).filter(([name]) => /^(PATH|PULUMI_)/.test(name));
    const environment = { ...process.env, ...Object.fromEntries(pulumi), npm_config_prefer_offline: "true" };
    return this.#cli(["package", "add", join(this.workshop.folder, "project/infra/provider")], environment);
  }

  /** Runs the CLI for the stack `dev` in the local Azure. */
  run(...args: string[]): Promise<Ended> {
    return this.#cli([...args, "--stack", "dev"], { HOME: this.workshop.folder, ...this.workshop.environment });
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), "utf8");
  }

  #cli(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
    const child = spawn(findCli()!, [...args, "--non-interactive", "--color=never"], {
      cwd: this.folder,
      env: environment,
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return new Promise((done) => child.once("close", (code) => done({ code: code ?? -1, text })));
  }
}
