import type { PreviewName } from "./preview-name";
import { type Found, type InventoryItem, type ItemKind, itemKinds, vaultOf } from "../azure/inventory/found";

/** How many there were of a kind, and how many there are now. */
export interface ReceiptRow {
  readonly what: string;
  readonly before: number;
  readonly left: number;
}

/** What a teardown came to, as Azure, Entra and the backend told it when they were asked last. */
export interface Receipt {
  /** As typed: `42`. */
  readonly name: string;
  readonly stack: string;
  /** `nothing was there` before, or all of it is `gone`, or something is `left`. */
  readonly outcome: "nothing was there" | "gone" | "left";
  /** When they were asked last: ISO date and time in UTC. */
  readonly askedAt: string;
  readonly seconds: number;
  /** Requests to Azure and Entra besides the engine's own. */
  readonly calls: number;
  readonly rows: readonly ReceiptRow[];
  readonly left: readonly { readonly what: string; readonly why: string }[];
  /** What nobody can remove before its date. */
  readonly keeps: readonly { readonly what: string; readonly until: string }[];
  readonly notChecked: readonly string[];
}

/** Traces that no service lists to whoever deploys. */
const notChecked = ["tokens that users left in the Token Service", "installations in Teams and its catalogue"];

/** What Azure keeps has rows of its own, below the table. */
const keptKinds: readonly ItemKind[] = ["deleted web app", "deleted storage account"];

/** What a teardown knows at its end. */
export interface Ending {
  readonly name: PreviewName;
  readonly before: Found;
  readonly after: Found;
  /** The stack and its file: 1 where it is there. */
  readonly stack: { readonly before: number; readonly left: number; readonly why?: string | undefined };
  readonly file: { readonly before: number; readonly left: number };
  /** Pulumi's copies of the state; undefined where its backend shows none. */
  readonly copies?: { readonly before: number; readonly left: number; readonly why?: string | undefined } | undefined;
  /** What nobody could look for here, besides what no service lists. */
  readonly notChecked: readonly string[];
  /** By id in small letters. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly now: Date;
  readonly milliseconds: number;
  readonly calls: number;
}

/** Draws up the receipt. */
export function receiptOf(ending: Ending): Receipt {
  const { name, before, after, stack, file, copies, reasons, now, milliseconds, calls } = ending;
  const count = ({ items, untold }: Found, kind: ItemKind): number =>
    items.filter((item) => item.kind === kind && !item.kept).length +
    // Nobody knows how many there are.
    (untold.some((one) => one.kind === kind) ? 1 : 0);
  const rows = [
    ...(Object.keys(itemKinds) as ItemKind[])
      .filter((kind) => !keptKinds.includes(kind))
      .map((kind) => ({ what: itemKinds[kind], before: count(before, kind), left: count(after, kind) })),
    { what: "Pulumi's stack", before: stack.before, left: stack.left },
    ...(copies ? [{ what: "Pulumi's copies of the state", before: copies.before, left: copies.left }] : []),
    { what: "The stack's settings file", before: file.before, left: file.left },
  ];
  const left = [
    ...after.items.filter(({ kept }) => !kept).map((item) => ({ what: sentenceOf(item), why: whyLeft(item, reasons) })),
    ...after.untold.map(({ kind, why }) => ({ what: `${itemKinds[kind]}: not known`, why })),
    ...(stack.left > 0 ? [{ what: `Pulumi's stack ${name.stack}`, why: stack.why ?? "it is still there" }] : []),
    ...(copies && copies.left > 0 && stack.left === 0
      ? [{ what: `Pulumi's copies of the state of ${name.stack}`, why: copies.why ?? "they are still there" }]
      : []),
    ...(file.left > 0 && stack.left === 0 ? [{ what: `Pulumi.${name.stack}.yaml`, why: "it is still there" }] : []),
  ];
  const wasThere = rows.some((row) => row.before > 0);
  return {
    name: name.title,
    stack: name.stack,
    outcome: left.length > 0 ? "left" : wasThere ? "gone" : "nothing was there",
    askedAt: `${now.toISOString().slice(0, 19)}Z`,
    seconds: Math.round(milliseconds / 100) / 10,
    calls,
    rows,
    left,
    keeps: after.items
      .filter(({ kept }) => kept)
      .map((item) => ({ what: sentenceOf(item), until: item.until ?? "a day that Azure does not tell" })),
    notChecked: [...notChecked, ...ending.notChecked],
  };
}

/** Whether something is left that somebody could remove. */
export function receiptEnding({ left }: Pick<Receipt, "left">): "done" | "left" {
  return left.length > 0 ? "left" : "done";
}

function sentenceOf({ kind, id, name, group }: InventoryItem): string {
  const place = kind === "resource elsewhere" ? group : kind === "secret elsewhere" ? vaultOf(id) : undefined;
  return `${kind} ${name}${place ? ` in ${place.split("/").at(-1)}` : ""}`;
}

function whyLeft({ kind, id }: InventoryItem, reasons: ReadonlyMap<string, string>): string {
  const refused = reasons.get(id.toLowerCase());
  if (refused !== undefined) return refused;
  if (kind === "resource") return "it goes with its group";
  return "Azure took the deletion and still shows it";
}

/** The receipt in Markdown, for a terminal and for a pull request. */
export function receiptText(receipt: Receipt): string {
  const { rows, left, keeps, seconds, calls, askedAt } = receipt;
  return [
    `### ${titleOf(receipt)}`,
    "",
    ...table(
      ["What", "Before", "Left"],
      rows.map((row) => [row.what, String(row.before), String(row.left)]),
      ["left", "right", "right"],
    ),
    ...(left.length > 0
      ? [
          "",
          "Left, and why:",
          "",
          ...table(
            ["What", "Why"],
            left.map(({ what, why }) => [what, why]),
            ["left", "left"],
          ),
        ]
      : []),
    ...(keeps.length > 0
      ? [
          "",
          "Azure keeps, and nobody can remove sooner:",
          "",
          ...keeps.map(({ what, until }) => `- ${what}, until ${day(until)}`),
        ]
      : []),
    "",
    `Not checked: ${receipt.notChecked.join("; ")}.`,
    "",
    `Asked last at ${askedAt}; took ${seconds} s, and ${calls} calls besides Pulumi's own.`,
  ].join("\n");
}

function titleOf({ name, outcome, left }: Receipt): string {
  switch (outcome) {
    case "nothing was there":
      return `There is no preview ${name}, and nothing of one that anybody could remove`;
    case "gone":
      return `Preview ${name} is gone`;
    case "left":
      return `Preview ${name} is not gone: ${left.length} ${left.length === 1 ? "thing is" : "things are"} left`;
  }
}

function day(instant: string): string {
  return Number.isNaN(Date.parse(instant)) ? instant : instant.slice(0, 10);
}

/** A table whose columns stand one below the other on a terminal, too. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  sides: readonly ("left" | "right")[],
): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ")));
  // Azure's own words may be long; the last column is not padded for them.
  const widths = head.map((title, at) =>
    Math.max(
      3,
      title.length,
      ...cells.map((row) => (at === head.length - 1 && sides[at] === "left" ? 0 : (row[at] ?? "").length)),
    ),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (sides[at] === "right" ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join(" | ")} |`;
  const rule = widths.map((width, at) => (sides[at] === "right" ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(head), line(rule), ...cells.map(line)];
}
