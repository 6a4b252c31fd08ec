import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";
import { estimateNote } from "../cost";
import { isFlowchart } from "../../../contract/flowchart";
import { OpsError } from "../../cli/ops-error";
import { instantPattern } from "../instant";
import type { PreviewName } from "../preview-name";
import type { Receipt } from "../receipt";
import type { UpNews } from "./comment-text";
import { code, words, wordsAndCode } from "./markdown";

/**
 * What a job may hand over to the one that writes comments. The first ran a pull request's code, or worked on a state that
 * such code had written, so nothing of it is believed: each field has to look like what it is called, and every text that
 * is not made of plain words becomes code, in which GitHub makes no markup, link, image or mention. What is not listed here
 * is dropped.
 */

/** In bytes; a receipt of twenty previews has 60,000. */
const longestFile = 1_000_000;

const text = (longest: number): z.ZodString => z.string().max(longest);
const instant = z.string().regex(instantPattern);
const amount = z.number().finite().nonnegative();
const lines = z.array(text(2_000).transform(wordsAndCode)).max(500);
const guid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const failure = z.object({ error: z.object({ message: text(20_000) }) });

const news = z.object({
  stack: text(100),
  chatAddress: z.string().regex(/^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*\.azurewebsites\.net\/$/),
  expires: instant.optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional(),
  owner: text(500).optional(),
  seconds: amount.optional(),
  cost: z.string().regex(/^\$\d{1,7}\.\d\d$/),
  changes: z.union([text(2_000), z.object({ deployed: lines, besides: lines })]),
  picture: text(60_000).refine(isFlowchart, "it is no picture that we draw"),
  consentAddress: z
    .string()
    .regex(new RegExp(`^https://login\\.microsoftonline\\.com/${guid}/adminconsent\\?client_id=${guid}$`))
    .optional(),
});

const receipt = z.object({
  name: text(250),
  stack: text(100),
  outcome: z.enum(["nothing was there", "gone", "left"]),
  askedAt: instant,
  seconds: amount,
  calls: amount,
  rows: z.array(z.object({ what: text(200).transform(words), before: amount, left: amount })).max(50),
  left: z.array(z.object({ what: text(500).transform(words), why: text(2_000).transform(words) })).max(500),
  keeps: z.array(z.object({ what: text(500).transform(words), until: text(100).transform(day) })).max(500),
  notChecked: z.array(text(200).transform(words)).max(20),
});

/** A day as it is; of anything else, code. */
function day(until: string): string {
  return instant.safeParse(until).success ? until : words(until);
}

/** Why a command failed. */
export interface Failure {
  readonly error: { readonly message: string };
}

/** What an `up` came to, of the preview that the event names. Throws an {@link OpsError} `not-handed-over`. */
export async function upHandedOver(file: string, name: PreviewName, against: string): Promise<UpNews | Failure> {
  const found = await read(file, z.union([failure, news]));
  if ("error" in found) return found;
  return { ...ofThe(file, found, name), title: name.title, against, costNote: estimateNote };
}

/** What a `down` came to, of the preview that the event names. Throws an {@link OpsError} `not-handed-over`. */
export async function downHandedOver(file: string, name: PreviewName): Promise<Receipt | Failure> {
  const found = await read(file, z.union([failure, receipt]));
  return "error" in found ? found : { ...ofThe(file, found, name), name: name.title };
}

/** The receipts of a sweep. Throws an {@link OpsError} `not-handed-over`. */
export async function sweepHandedOver(file: string): Promise<{ readonly receipts: readonly Receipt[] } | Failure> {
  return read(file, z.union([failure, z.object({ receipts: z.array(receipt).max(500) })]));
}

function ofThe<Told extends { readonly stack: string }>(file: string, told: Told, { stack }: PreviewName): Told {
  if (told.stack === stack) return told;
  throw refused(file, `it is about ${code(told.stack)} and not about ${stack}`);
}

/** One regular file, no link, and no longer than it may be. A command that was killed has written none, or half of one. */
async function read<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema> | Failure> {
  let content: unknown;
  try {
    content = JSON.parse(await textIn(file)) as unknown;
  } catch (error) {
    if (error instanceof OpsError) throw error;
    return { error: { message: "The run ended before it could say anything." } };
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data as z.output<Schema>;
  // A union's own message names none of the fields.
  const issues = parsed.error.issues.flatMap((issue) =>
    issue.code === "invalid_union"
      ? (issue.errors.at(-1) ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
      : [issue],
  );
  const fields = issues.map(({ path, code: problem }) => `${path.join(".") || "it"} (${problem})`);
  throw refused(file, fields.slice(0, 5).join(", "));
}

async function textIn(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ELOOP" ? refused(file, "it is a link") : error;
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw refused(file, "it is no file");
    if (stat.size > longestFile) throw refused(file, `it has ${stat.size} bytes`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

function refused(file: string, why: string): OpsError {
  const fix = "Nothing of it is posted. Look at what the job wrote that handed it over.";
  return new OpsError("not-handed-over", `${file} is not what a preview's job hands over: ${why}`, fix);
}
