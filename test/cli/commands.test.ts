import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command as adopt } from "../../ops/adopt";
import { command as bypassedParts } from "../../ops/bypassed-parts";
import { type Command, helpOf } from "../../cli/command";
import { type Ending, endings, exitCodes } from "../../cli/exit-codes";
import { SettingsError } from "../../infra/settings/settings-error";
import { OpsError } from "../../ops/cli/ops-error";
import { runCommand, runGroup } from "../../cli/run";
import { command as consent } from "../../ops/consent";
import { command as doctor } from "../../ops/doctor";
import { command as drift } from "../../ops/drift";
import { command as endsCommand } from "../../ops/ends";
import { command as graph } from "../../ops/graph";
import { command as preflight } from "../../ops/preflight";
import { command as logs } from "../../ops/logs";
import { command as pipeline } from "../../ops/pipeline";
import { preview, previewCommands } from "../../ops/preview/commands";
import { command as recover } from "../../ops/recover";
import { command as rotate } from "../../ops/rotate";
import { command as secrets } from "../../ops/secrets";
import { command as teams } from "../../ops/teams";
import { command as bench } from "../../bench/run";
import { command as azureEnv } from "../../local/environment";
import { command as picture } from "../../local/picture";
import { command as azure } from "../../local/serve";
import { command as start } from "../../local/start";
import { command as azureUp } from "../../local/up";
import { scripts } from "../../package.json";
import { command as doctorScore } from "../doctor/score";
import { root } from "../support/deployed";

const previews: readonly Command[] = Object.values(previewCommands);
/** Each command by its script in package.json. */
const byScript: Readonly<Record<string, Command | readonly Command[]>> = {
  start,
  azure,
  "azure:env": azureEnv,
  "azure:up": azureUp,
  picture,
  bench,
  doctor,
  adopt,
  "doctor:score": doctorScore,
  drift,
  recover,
  consent,
  logs,
  rotate,
  secrets,
  graph,
  preflight,
  ends: endsCommand,
  pipeline,
  "bypassed-parts": bypassedParts,
  "teams:package": teams,
  preview: previews,
};
const commands = Object.values(byScript).flat();

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. */
async function ran(
  command: Command,
  args: readonly string[],
  work: () => Promise<Ending> = () => Promise.resolve("done"),
): Promise<Ran> {
  let [out, err] = ["", ""];
  const streams = {
    stdout: { write: (text: string) => Boolean((out += text)) },
    stderr: { write: (text: string) => Boolean((err += text)) },
  };
  return { code: await runCommand(command, args, work, streams as never), out, err };
}

test("every command of package.json is in the table of this test, and is typed as its script is called", () => {
  // Tools of this repository: what stands behind them goes to jest, or they take nothing.
  const tools = ["postinstall", "test", "test:engine", "test:az", "typecheck", "lint", "format", "docs"];
  expect(Object.keys(byScript)).toEqual(Object.keys(scripts).filter((name) => !tools.includes(name)));
  for (const [script, of] of Object.entries(byScript)) {
    for (const { typed } of [of].flat()) {
      expect(typed.replace(/^npm (run (-s )?)?/, "").split(" ")[0]).toBe(script);
    }
    const file = /tsx (\S+)/.exec(scripts[script as keyof typeof scripts])?.[1];
    expect([script, existsSync(join(root, file!))]).toEqual([script, true]);
  }
});

describe.each(commands.map((command) => [command.typed.replace(/^npm run | --$/g, ""), command] as const))(
  "%s",
  (_name, command) => {
    const operands = command.takes.startsWith("<") ? ["dev"] : [];

    test("tells all that it takes, by examples too, and each way in which it ends on standard output", async () => {
      const { code, out, err } = await ran(command, [...operands, "--help"]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toBe(helpOf(command));
      const named = ["help", ...Object.keys(command.options)].filter((name) => !out.includes(`\n  --${name} `));
      expect(named).toEqual([]);
      const codes = [...out.matchAll(/^ {2}(\d) {2}/gm)].map(([, digit]) => Number(digit));
      const told = [...Object.keys(command.ends), "failed"].map((ending) => exitCodes[ending as Ending]);
      expect(codes).toEqual(told.sort());
      for (const example of command.examples) {
        expect(example.replace("--silent ", "").replace(/ --$/, "")).toContain(command.typed.replace(/ --$/, ""));
      }
    });

    test("ends with 1 and says its usage on standard error where nothing, or too much, is named", async () => {
      const nothing = await ran(command, []);
      const wants = command.takes.startsWith("<");
      expect(nothing).toEqual(wants ? { code: 1, out: "", err: helpOf(command) } : { code: 0, out: "", err: "" });
      if (command.takes.includes("...")) return;
      const { code, out, err } = await ran(command, ["one", "two"]);
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/ takes (one \w+|nothing but options), and was given one two\. Help: npm .* --help\n$/);
    });

    test("names the option that is most like a misspelt one, and does nothing", async () => {
      const work = jest.fn();
      for (const name of ["help", ...Object.keys(command.options)].filter((one) => one.length > 3)) {
        const misspelt = `--${name.slice(0, -2)}${name.at(-1)}`;
        const { code, out, err } = await ran(command, [...operands, misspelt], work);
        expect([code, out]).toEqual([1, ""]);
        expect(err).toContain(`has no option ${misspelt}. Did you mean --${name}? Help: ${command.typed} --help\n`);
      }
      expect(work).not.toHaveBeenCalled();
    });

    test("ends with the exit code of its ending", async () => {
      for (const [ending, code] of Object.entries(exitCodes)) {
        expect(await ran(command, operands, () => Promise.resolve(ending as Ending))).toMatchObject({ code, err: "" });
      }
    });
  },
);

test("docs/commands.md has the table of exit codes", () => {
  const text = readFileSync(join(root, "docs/commands.md"), "utf8");
  const rows = [...text.matchAll(/^\| (\d) \| (.*) \|$/gm)].map(([, code, means]) => [Number(code), means]);
  expect(rows).toEqual(Object.entries(endings).map(([ending, means]) => [exitCodes[ending as Ending], means]));
});

const locked = new OpsError("stack-locked", "Another one holds it", "wait", "held");

const wrongSetting = new SettingsError([
  { code: "missing-setting", setting: "tenant", allowed: "a GUID", example: "pulumi config set tenant <id>" },
]);

const missing = Object.assign(new Error("ENOENT: no such file or directory, open 'old.zip'"), {
  code: "ENOENT",
  path: "old.zip",
});

test.each<[what: string, thrown: unknown, code: number, says: string]>([
  ["a mistake of the program", new TypeError("x is undefined"), 1, "npm run drift itself failed: x is undefined"],
  ["a file that is not there", missing, 1, "There is no file old.zip: correct its path."],
  ["a wrong setting", wrongSetting, 1, wrongSetting.message],
  ["a stack that is held", locked, 4, "Another one holds it: wait"],
])(
  "%s is one sentence without a stack trace; with --json it is the one document, too",
  async (_what, thrown, code, says) => {
    const fails = (): Promise<Ending> => Promise.reject(thrown as Error);
    expect(await ran(drift, ["dev"], fails)).toEqual({ code, out: "", err: `${says}\n` });
    const { out, err } = await ran(drift, ["dev", "--json"], fails);
    expect(err).toBe(`${says}\n`);
    expect(JSON.parse(out)).toEqual({
      error: { code: (thrown as { code?: string }).code ?? "unexpected", message: says },
    });
  },
);

test("whoever reads the document knows a wrong setting from a fault of the command", () => {
  expect(wrongSetting.code).toBe("settings-wrong");
});

test("what it is doing is told to who waits at a terminal, and to no log", async () => {
  const told: string[] = [];
  const streams = (isTTY: boolean): never =>
    ({ stdout: { write: () => true }, stderr: { isTTY, write: (text: string) => told.push(text) > 0 } }) as never;
  const work: Parameters<typeof runCommand>[2] = (_asked, { step }) => {
    step("Looking.");
    return Promise.resolve("done");
  };
  await runCommand(drift, ["dev"], work, streams(false));
  expect(told).toEqual([]);
  await runCommand(drift, ["dev"], work, streams(true));
  expect(told).toEqual(["Looking.\n"]);
});

test("a misspelt command of a group is named with the nearest; without any the group tells those that it has", async () => {
  const group = async (...args: string[]): Promise<Ran> => {
    let [out, err] = ["", ""];
    const stdout = { write: (text: string) => Boolean((out += text)) };
    const stderr = { write: (text: string) => Boolean((err += text)) };
    return { code: await runGroup(preview, args, () => Promise.resolve(0), { stdout, stderr } as never), out, err };
  };
  expect(await group("lsit")).toEqual({
    code: 1,
    out: "",
    err: "npm run preview has no command lsit. Did you mean list? Help: npm run preview -- --help\n",
  });
  const [help, bare] = [await group("--help"), await group()];
  expect([help.code, help.err, bare.code, bare.out]).toEqual([0, "", 1, ""]);
  expect(bare.err).toBe(help.out);
  const documents = [await group("lsit", "--json"), await group("--json")].map(({ code, out }) => [
    code,
    (JSON.parse(out) as { error: { code: string } }).error.code,
  ]);
  expect(documents).toEqual([
    [1, "unknown-command"],
    [1, "nothing-named"],
  ]);
  expect(preview.commands.map(({ name }) => name)).toEqual(Object.keys(previewCommands));
});
