import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import program = require("../../infra/index");
import type { BotSignInArgs } from "../../infra/bot-sign-in-args";
import { azureAnswers, tenantId } from "../support/azure-answers";
import { type Recording, type Run, record } from "../support/recorder";

export const project = "bot-sign-in";

/** What the bundler would give; bundling for real has tests of its own. */
export const packaged = { hash: "a".repeat(64), zipPath: "/tmp/cache/bot.zip" };

/** The smallest bot that reads mail, for tests of the component itself. */
export const mailBot: BotSignInArgs = {
  environment: "dev",
  location: "westeurope",
  tenantId,
  connections: [
    { name: "Graph", provider: "entra", scopes: ["openid", "User.Read", "Mail.Read", "Mail.Send"], skill: "mail" },
  ],
  code: packaged,
};

jest.mock("../../infra/code/package", () => ({ packageBot: () => Promise.resolve(packaged) }));

/** The configuration of a stack file, `Pulumi.dev.yaml` or another, as Pulumi hands it to a program. */
export function environmentConfig(stack: string): Record<string, string> {
  const file = parse(readFileSync(path.join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8")) as { config: object };
  return asConfig(file.config);
}

/** The configuration of `Pulumi.dev.yaml`. */
export function devConfig(): Record<string, string> {
  return environmentConfig("dev");
}

/** Settings as Pulumi hands them over: text as it is, all else as JSON. Names without a namespace are this project's. */
export function asConfig(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
}

/**
 * Runs the unchanged `infra/index.ts` against the recording monitor.
 * @param changes settings besides those of `Pulumi.dev.yaml`, whose environment is left to the stack's name; undefined takes
 * one away
 */
export async function deploy(changes: object = {}, run: Partial<Run> = {}): Promise<Recording> {
  const { [`${project}:environment`]: _byItsName, ...dev } = devConfig();
  const config = { ...dev, ...asConfig(changes) };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete config[`${project}:${name}`];
  return record({ project, component: project, stack: "dev", config, ...run }, azureAnswers, runProgram);
}

/** Runs the program as Pulumi does, and gives its outputs. */
export function runProgram(): ReturnType<typeof program> {
  const before = process.env["ARM_TENANT_ID"];
  process.env["ARM_TENANT_ID"] = tenantId;
  try {
    return program();
  } finally {
    if (before === undefined) delete process.env["ARM_TENANT_ID"];
    else process.env["ARM_TENANT_ID"] = before;
  }
}
