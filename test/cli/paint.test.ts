import { WriteStream } from "node:tty";
import { paintOn, plain } from "../../cli/paint";
import { driftDocument, driftReport } from "../../ops/drift/drift";
import { document, type Finding, report } from "../../ops/preflight/finding";

const named = (meaning: string, text: string): string => `<${meaning}>${text}</>`;
const escape = String.fromCharCode(27);

describe("colours", () => {
  const before = { ...process.env };
  beforeEach(() => {
    // On a CI machine Node counts no terminal as one with colours.
    for (const name of ["NO_COLOR", "FORCE_COLOR", "NODE_DISABLE_COLORS", "CI", "TEAMCITY_VERSION"])
      delete process.env[name];
    process.env["TERM"] = "xterm-256color";
  });
  afterEach(() => {
    process.env = { ...before };
  });
  const stream = (isTTY: boolean): NodeJS.WriteStream =>
    Object.assign(Object.create(WriteStream.prototype) as NodeJS.WriteStream, {
      isTTY,
      // Jest's environment variables are a copy, which Node itself does not see.
      getColorDepth: () => WriteStream.prototype.getColorDepth(process.env),
    });

  test("a terminal gets them; a pipe gets none, nor does who set NO_COLOR", () => {
    expect(paintOn(stream(true))("bad", "MISSING")).toBe(`${escape}[31mMISSING${escape}[39m`);
    expect(paintOn(stream(false))("bad", "MISSING")).toBe("MISSING");
    process.env["NO_COLOR"] = "1";
    expect(paintOn(stream(true))("bad", "MISSING")).toBe("MISSING");
  });
});

const findings: readonly Finding[] = [
  { what: "a role", state: "held", because: "Contributor" },
  { what: "a right", state: "missing", fix: "az role assignment create" },
  { what: "a policy", state: "unsure", because: "not told" },
];

test("preflight's lines carry the colour of what they mean, and without colours the same words", () => {
  expect(report("dev", findings, named)).toContain(
    "<good>ok      </> a role (Contributor)\n<bad>MISSING </> a right\n",
  );
  expect(report("dev", findings, plain)).toBe(report("dev", findings, named).replace(/<[^>]*>/g, ""));
  expect(document("dev", "dev", findings)).toMatchObject({
    stack: "dev",
    missing: 1,
    findings: [{ state: "held" }, { state: "missing", fix: "az role assignment create" }, { state: "unsure" }],
  });
});

test("drift's findings for programs hold the four fields and nothing of how the state says them", () => {
  const finding = {
    resource: "WebApp host",
    field: "httpsOnly",
    live: "false",
    deployed: "true",
    mark: () => undefined,
  };
  expect(driftDocument("dev", [finding])).toEqual({
    stack: "dev",
    findings: [{ resource: "WebApp host", field: "httpsOnly", live: "false", deployed: "true" }],
  });
  expect(driftReport("dev", [finding], named)).toContain("live:     <warning>false</>");
});
