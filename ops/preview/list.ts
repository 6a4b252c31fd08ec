import { type Meaning, type Paint, plain } from "../../cli/paint";
import { pageAddress } from "../../cli/page-address";
import { inParallel } from "../pulumi/concurrency";
import { OpsError } from "../cli/ops-error";
import { costOf, dollars, estimateNote } from "./cost";
import { healthOf, type PreviewHealth } from "./health";
import { instantOf, isOver } from "./instant";
import { listPreviews, outputsOf, PreviewStack, type StackTags, type UnreadPreview } from "./preview-stack";
import type { PreviewProject } from "./project";
import { spanText } from "./ttl";
import type { State } from "../pulumi/state";

/** One preview in the list. Instants are ISO, UTC. */
export interface PreviewRow {
  /** As typed: `42`, `feature/mail`. */
  readonly name: string;
  readonly stack: string;
  readonly owner?: string;
  readonly commit?: string;
  readonly made?: string;
  readonly expires?: string;
  /** Anyone may take it down. */
  readonly expired: boolean;
  readonly health: PreviewHealth;
  readonly chatAddress?: string;
  /** US dollars at list price; an estimate. Absent where the preview could not be read. */
  readonly monthlyCost?: number;
}

/** Every preview of the backend; their bots are asked all at once, each for a bounded time. */
export async function list(project: PreviewProject): Promise<readonly PreviewRow[]> {
  const previews = await listPreviews(project);
  // A bot that is slow to answer holds up no other preview's state.
  const rows = await inParallel(
    4,
    previews,
    async (preview) => [rowOf(project, preview, await stateOf(preview))] as const,
  );
  return Promise.all(rows.map(([row]) => row));
}

/** A preview's state, or why it cannot be read: the others are listed all the same. */
async function stateOf(preview: PreviewStack | UnreadPreview): Promise<State | string> {
  if (!(preview instanceof PreviewStack)) return preview.unread;
  return preview.state().catch((error: unknown) => {
    if (error instanceof OpsError) return error.message;
    throw error;
  });
}

/**
 * What the list says of one preview, its bot's health asked now.
 * @param state or why it cannot be read
 */
export async function rowOf(
  project: PreviewProject,
  preview: PreviewStack | UnreadPreview,
  state: State | string,
): Promise<PreviewRow> {
  const tags: StackTags = preview instanceof PreviewStack ? await preview.tags() : {};
  const { owner, commit, made, expires } = tags;
  const row = {
    name: preview.name.title,
    stack: preview.name.stack,
    ...(owner ? { owner } : {}),
    ...(commit ? { commit } : {}),
    ...(made ? { made } : {}),
    ...(expires ? { expires } : {}),
    expired: isOver(expires, project.now()),
  };
  if (typeof state === "string") return { ...row, health: { state: "unknown", why: state } };
  const { chatAddress } = outputsOf(state) as { chatAddress?: string };
  return {
    ...row,
    health: await healthOf(chatAddress),
    ...(chatAddress ? { chatAddress } : {}),
    monthlyCost: costOf(state.deployment.resources ?? []).monthly,
  };
}

/** `left` where one could not be read. */
export function listEnding(rows: readonly PreviewRow[]): "done" | "left" {
  return rows.some(({ health }) => health.state === "unknown") ? "left" : "done";
}

const headings = ["NAME", "OWNER", "AGE", "EXPIRES", "HEALTH", "COST", "CHAT"];

/** The list as a table, and what it costs together. */
export function listText(rows: readonly PreviewRow[], now: Date, paint: Paint = plain): string {
  if (rows.length === 0) return "There are no previews.";
  const cells = rows.map((row) => [
    shortened(row.name),
    row.owner ?? "-",
    row.made ? spanText(now.getTime() - Date.parse(row.made)) : "-",
    expiryText(row, now),
    healthText(row.health),
    row.monthlyCost === undefined ? "-" : dollars(row.monthlyCost),
    row.chatAddress === undefined ? "-" : pageAddress(row.chatAddress),
  ]);
  const widths = headings.map((heading, at) => Math.max(...[heading, ...cells.map((row) => row[at]!)].map(width)));
  const meanings = rows.map((row) => ({
    ...(row.expired && { EXPIRES: "warning" as const }),
    HEALTH: meaningOf(row.health),
  }));
  const lines = [headings, ...cells].map((row, line) =>
    row
      .map((cell, at) => {
        const meaning = line === 0 ? "strong" : (meanings[line - 1] as Record<string, Meaning>)[headings[at]!];
        const space = at === headings.length - 1 ? "" : " ".repeat(widths[at]! - width(cell));
        return (meaning === undefined ? cell : paint(meaning, cell)) + space;
      })
      .join("  "),
  );
  const total = rows.reduce((sum, { monthlyCost }) => sum + (monthlyCost ?? 0), 0);
  return [...lines, "", `Together ${dollars(total)} a month. ${estimateNote}`].join("\n");
}

/** `in 2 d 4 h`, or `expired 3 h ago`. */
export function expiryText({ expires, expired }: Pick<PreviewRow, "expires" | "expired">, now: Date): string {
  if (!expires) return "-";
  const left = instantOf(expires) - now.getTime();
  if (Number.isNaN(left)) return `no date: ${expires}`;
  return expired ? `expired ${spanText(-left)} ago` : `in ${spanText(left)}`;
}

/** `well`, or `unwell: state`. */
export function healthText({ state, why }: PreviewHealth): string {
  if (state === "none") return "not deployed";
  return why ? `${state}: ${why}` : state;
}

/** The colour of a preview's health; of one that nobody deployed yet a colour says nothing. */
export function meaningOf({ state }: PreviewHealth): Meaning {
  return ({ well: "good", unwell: "bad", silent: "warning", none: "strong", unknown: "warning" } as const)[state];
}

function shortened(name: string): string {
  const letters = [...name];
  return letters.length > 40 ? `${letters.slice(0, 37).join("")}...` : name;
}

function width(cell: string): number {
  return [...cell].length;
}
