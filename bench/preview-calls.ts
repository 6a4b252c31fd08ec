import { parse } from "yaml";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalAzure } from "../local/azure/azure";
import { findCli } from "../test/engine/support/cli";
import { now } from "../test/engine/support/azure-calls";
import { Previews } from "../test/engine/support/previews";
import { type Stack, Workshop } from "../test/engine/support/stack";
import type { Row } from "./row";

/**
 * Calls of Azure that `preview down` makes, the receipt's questions included, beside those of a plain `pulumi destroy` of the
 * same set-up in a stack that is no preview, which asks nothing afterwards and leaves the recycle bins full.
 */
export async function previewCallsRow(): Promise<Row> {
  const name = "calls of a preview's down";
  if (!findCli()) return { name, ours: "skipped: Pulumi's CLI is not on this machine" };
  const workshop = await Workshop.open();
  try {
    const previews = await Previews.in(workshop);
    const { code, err } = await previews.run("up", "1");
    if (code !== 0) throw new Error(err);
    const plain = await samePlain(workshop);
    const ours = await callsOf(workshop.azure, () => previews.run("down", "1"));
    const rival = await callsOf(workshop.azure, () => plain.destroy());
    return {
      name,
      ours: callsText(ours),
      rival: `a plain pulumi destroy's ${callsText(rival)}`,
      ratio: total(ours) / total(rival),
      note: `changes alone ${(ours.changes / rival.changes).toFixed(2)}`,
    };
  } finally {
    await workshop.close();
  }
}

/** The previews' settings in a stack whose name makes it a developer's. */
async function samePlain(workshop: Workshop): Promise<Stack> {
  const file = join(workshop.folder, "project/Pulumi.preview.yaml");
  const { config } = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
  const settings = Object.entries(config).map(([key, value]) => [key.replace(/^[^:]+:/, ""), value] as const);
  const stack = await workshop.stack("plain", { ...Object.fromEntries(settings), singleSignOn: true });
  const { code, text } = await stack.up();
  if (code !== 0) throw new Error(text);
  return stack;
}

interface Calls {
  readonly changes: number;
  readonly questions: number;
}

/** What whoever deploys asked of Azure meanwhile; tokens are not counted. */
async function callsOf(azure: LocalAzure, act: () => Promise<{ code: number }>): Promise<Calls> {
  const since = now(azure);
  const { code } = await act();
  if (code !== 0) throw new Error(`it ended with ${code}`);
  const calls = azure.trace
    .exchanges(since)
    .filter(({ caller, url }) => caller === "deployer" && !/\/oauth2\//.test(new URL(url).pathname));
  const questions = calls.filter(({ method }) => method === "GET" || method === "HEAD").length;
  return { changes: calls.length - questions, questions };
}

function total({ changes, questions }: Calls): number {
  return changes + questions;
}

function callsText(calls: Calls): string {
  return `${total(calls)} (${calls.changes} that change something)`;
}
