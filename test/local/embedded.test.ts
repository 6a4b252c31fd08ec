import { join } from "node:path";
import { runProgram, ProgramError, type ProgramEvent } from "../../local/embedded";
import { readProject } from "../../local/embedded/project";

const root = join(__dirname, "../fixtures/embedded");

async function run(scenario: string, signal?: AbortSignal) {
  const events: ProgramEvent[] = [];
  const result = await runProgram({
    root,
    stack: "test",
    environment: {},
    config: { scenario, password: "not for everyone" },
    onEvent: (event) => events.push(event),
    ...(signal && { signal }),
  }).catch((error: unknown) => error as ProgramError);
  return { result, events };
}

const names = (events: ProgramEvent[], kind: ProgramEvent["kind"]) =>
  events.filter((event) => event.kind === kind).map(({ name }) => name);

describe("the embedded runner", () => {
  test("runs components, the project's own providers and settings, and shows no secret", async () => {
    const { result, events } = await run("all well");
    expect(result).toEqual({
      outputs: {
        total: 3,
        greeting: "hello",
        people: ["Ada", "Sam"],
        settingIsSecret: true,
        password: "[secret]",
        nested: { password: "[secret]", length: 20 },
        order: "urn:pulumi:test::embedded-fixture::sums:index:Sum::after",
      },
      resources: 4,
    });
    expect(names(events, "created").sort()).toEqual(["after", "one", "secrets-password", "two"]);
    expect(names(events, "created").at(-1)).toBe("after");
    expect(events.filter(({ kind }) => kind === "warning")).toEqual([{ kind: "warning", message: "mind the gap" }]);
    const slow = events.filter(({ name, kind }) => kind === "created" && (name === "one" || name === "two"));
    expect(slow.every(({ milliseconds = 0 }) => milliseconds >= 195 && milliseconds < 390)).toBe(true);
  });

  test("a failing resource is one error that names it, and what was under way ends well", async () => {
    const { result, events } = await run("failing");
    expect(result).toBeInstanceOf(ProgramError);
    expect(result).toMatchObject({
      code: "resource-failed",
      message: "failing (sums:index:Sum): 13 is not added up here",
      resource: { type: "sums:index:Sum", name: "failing" },
    });
    expect(names(events, "failed")).toEqual(["failing"]);
    expect(names(events, "created").sort()).toEqual(["one", "secrets-password", "two"]);
    expect(names(events, "creating")).not.toContain("never");
  });

  test("a resource whose own check refuses an input is not created", async () => {
    const { result, events } = await run("refused");
    expect(result).toMatchObject({ code: "resource-failed", message: "refused (sums:index:Sum): nothing to add up" });
    expect(names(events, "created")).not.toContain("refused");
  });

  test.each([
    ["bad setting", "program-failed", /^scenario: bad$/],
    [
      "broken apply",
      "program-failed",
      /^TypeError: Cannot read properties of undefined.*\n {2}at .*program\/index\.ts:\d+/,
    ],
  ])("%s: the cause is told without a wall of stack lines", async (scenario, code, message) => {
    const { result } = await run(scenario);
    expect(result).toMatchObject({ code });
    expect((result as ProgramError).message).toMatch(message);
  });

  test("an abort ends the program's process", async () => {
    const { result } = await run("all well", AbortSignal.timeout(300));
    expect(result).toMatchObject({ code: "aborted" });
  });
});

describe("a stack's settings", () => {
  test("an encrypted setting without a value for this run is refused by name", () => {
    expect(() => readProject(root, "test")).toThrow(
      "embedded-fixture:password in Pulumi.test.yaml is encrypted, and only Pulumi's CLI can read it: give its value to this run",
    );
  });

  test("a stack without a file is refused by the file's name", () => {
    expect(() => readProject(root, "none")).toThrow(
      "There is no file Pulumi.none.yaml; this project has the stacks test.",
    );
  });
});
