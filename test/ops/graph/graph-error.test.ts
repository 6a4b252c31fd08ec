import { graphFailure } from "../../../ops/graph/graph-error";

test.each([
  [undefined, "CLI_MISSING", "Pulumi's CLI is not on PATH: npm install"],
  [
    "error: no Pulumi.yaml project file found; either run this command from a directory containing a Pulumi project",
    "NO_PROJECT",
    "Here is no Pulumi.yaml: run it again in the project's folder",
  ],
  [
    "error: no stack named 'dev' found",
    "UNKNOWN_STACK",
    "There is no stack dev in this state: pulumi stack ls shows those that there are",
  ],
  ["error: the disk is full\n", "PULUMI_FAILED", "pulumi stack export failed: error: the disk is full"],
])("where Pulumi says %p, a person reads the cause and the cure", (said, code, message) => {
  const failure = { stack: "dev", command: "stack export", ...(said !== undefined && { said }) };
  expect(graphFailure(failure)).toMatchObject({ code, message });
});
