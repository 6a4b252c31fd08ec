import { minute } from "../contract/time";
import { ask } from "./cli/ask";
import { type Command, type CommandGroup, jsonOption } from "../cli/command";
import { runCommand, runGroup } from "../cli/run";
import type { Outcome } from "./pipeline/apply";

export const pipeline = {
  typed: "npm run pipeline --",
  describes:
    "Makes, checks and takes down what a pipeline needs that deploys a stack: it signs in by OIDC and keeps no secret.",
  commands: [{ name: "github", does: "jobs of GitHub Actions, as .github/workflows has them" }],
  examples: ["npm run pipeline -- github prod --check", "npm run pipeline -- github prod --reviewer contoso/mail-team"],
} as const satisfies CommandGroup;

export const command = {
  typed: "npm run pipeline -- github",
  takes: "<stack>",
  describes: `
Makes what the jobs at GitHub need that plan and deploy a stack, or says what of it is there: container and key of the state,
an application for each environment that trusts exactly that environment's jobs, its roles in Azure and its permissions at
Microsoft Graph, the environment itself with branches, reviewers and variables. Shows its plan first and asks; again it has
nothing to do, or mends what differs. For all previews the stack is called preview. Signs in as Pulumi's providers do (the ARM_*
variables, else the Azure CLI), at GitHub by GH_TOKEN, GITHUB_TOKEN or the login of GitHub's CLI.`,
  options: {
    check: { type: "boolean", does: "only looks" },
    down: { type: "boolean", does: "takes away what this command made, and nothing that others use" },
    yes: { type: "boolean", does: "does it without asking" },
    reviewer: {
      type: "string",
      value: "<who>",
      multiple: true,
      does: "a login or owner/team that lets deployments to staging and prod go on; several where it is said again; none",
    },
    state: {
      type: "string",
      value: "<account>",
      does: "storage account of the states; at first only, as the next two",
    },
    vault: { type: "string", value: "<vault>", does: "vault of the keys that encrypt the states' secrets" },
    "state-subscription": { type: "string", value: "<id>", does: "subscription of both" },
    "state-group": { type: "string", value: "<group>", does: "resource group of both (default bot-state)" },
    location: { type: "string", value: "<region>", does: "region of both (default: the stack's)" },
    repo: { type: "string", value: "<owner/name>", does: "the repository (default: the remote origin)" },
    "without-plan": { type: "boolean", does: "leaves out the environment in which pull requests are planned" },
    json: jsonOption,
  },
  examples: [
    "npm run pipeline -- github prod --check",
    "npm run pipeline -- github prod --reviewer contoso/mail-team --state contosobotstate --vault contoso-bot-state --state-subscription <id>",
    "npm run pipeline -- github preview --yes",
    "npm run pipeline -- github dev --down",
  ],
  ends: {
    done: "the pipeline is complete, or gone",
    found: "something is missing or differs, or it only showed its plan",
    left: "something was refused, or is left for a person",
  },
} as const satisfies Command;

/** Where a command runs; for tests, else this process. */
interface Place {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly streams?: Parameters<typeof runCommand>[3];
}

const here: Place = { folder: process.cwd(), environment: process.env };

/** `npm run pipeline -- github <stack>`. Gives the exit code. */
export const runGitHub = (args: readonly string[], { folder, environment, streams }: Place = here): Promise<number> =>
  runCommand(
    command,
    args,
    async ({ values, operands: [stack = ""] }, { say, step, result, paint, json }) => {
      const [{ pipelineOf }, { readPipeline }, { planPipeline }, { applyParts }, { isOpen }, text] = await Promise.all([
        import("./pipeline/pipeline"),
        import("./pipeline/read"),
        import("./pipeline/plan"),
        import("./pipeline/apply"),
        import("./pipeline/part"),
        import("./pipeline/report"),
      ]);
      if (values.check && values.down) {
        const { UsageError } = await import("../cli/arguments");
        throw new UsageError("wrong-value", "--check only looks, and --down takes away: say one of them");
      }
      step("Asking GitHub, Azure and Entra.");
      const { access, gitHub, wanted } = await pipelineOf(folder, stack, values, environment);
      const { repository, identities, level } = wanted;
      const environments = identities.map(({ name }) => name);
      const found = await readPipeline(access, gitHub, wanted);
      const { planTakeDown } = await import("./pipeline/take-down");
      const planNow = async (now: typeof found) => {
        if (!values.down) return planPipeline(wanted, now);
        const [{ readNeighbours }, { armClient }] = await Promise.all([
          import("./pipeline/neighbours"),
          import("../infra/azure/arm"),
        ]);
        return planTakeDown(wanted, now, await readNeighbours(armClient(access), wanted, now, environment));
      };
      const parts = await planNow(found);
      const finish = (now: typeof parts, outcomes: readonly Outcome[], ended: string): void => {
        if (json) say(ended);
        const document = {
          stack: level,
          repository,
          environments,
          parts: text.partsDocument(now),
          done: outcomes.filter((one) => one.ended === "done").map(({ part }) => part.what),
          refused: outcomes
            .filter((one) => one.ended !== "done")
            .map(({ part, ended: how, why, fix }) => ({
              what: part.what,
              ended: how,
              why: why ?? null,
              fix: fix ?? null,
            })),
          complete: !now.some(isOpen),
        };
        result(document, ended);
      };
      say(`${paint("strong", `${level} at ${repository}`)}: ${environments.join(", ")}`);
      say(text.tableOf(parts, paint));
      const steps = parts.filter((part) => part.step !== undefined);
      const waits = (now: typeof parts): boolean => now.some((part) => part.waits);
      if (steps.length === 0 || values.check) {
        const open = parts.some(isOpen);
        const gone = waits(parts) ? text.goneText(level, parts) : `${level}: there is nothing to take away.`;
        finish(parts, [], values.down ? gone : text.openText(level, parts));
        return open ? "found" : waits(parts) ? "left" : "done";
      }
      const terminal = process.stdin.isTTY && process.stderr.isTTY;
      if (!(values.yes ?? (terminal && (await ask(values.down ? "Take this away?" : "Do this?"))))) {
        finish(parts, [], `Nothing was done. To do it: the same again, with --yes`);
        return "found";
      }
      const outcomes = await applyParts(access, gitHub, wanted, found, parts, step);
      const refused = text.refusedText(outcomes, paint);
      if (refused) say(refused);
      // What was made a moment ago Entra may not show yet at another of its places.
      const { until } = await import("../infra/azure/access");
      const allDone = outcomes.every(({ ended }) => ended === "done");
      step("Asking again.");
      const look = async () => planNow(await readPipeline(access, gitHub, wanted));
      const after =
        (await until(access, allDone ? minute : 0, async () => {
          const now = await look();
          return now.some((part) => part.step !== undefined) ? undefined : now;
        })) ?? (await look());
      const open = after.filter(isOpen);
      if (open.length > 0) say(`${paint("strong", "Still open:")}\n${text.tableOf(open, paint)}`);
      finish(
        after,
        outcomes,
        open.length > 0 || !values.down ? text.openText(level, after) : text.goneText(level, after),
      );
      return open.length > 0 || !allDone || waits(after) ? "left" : "done";
    },
    streams,
  );

if (require.main === module) {
  void runGroup(pipeline, process.argv.slice(2), (_name, rest) => runGitHub(rest)).then(
    (code) => (process.exitCode = code),
  );
}
