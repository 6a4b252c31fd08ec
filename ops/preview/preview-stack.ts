import type { EngineEvent, LocalWorkspace, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isPreviewStack, pullRequestOf } from "../../infra/settings/environment";
import type { State } from "../pulumi/state";
import type { PulumiStack } from "../pulumi/pulumi-stack";
import { isLocked, type Lock, locksIn, locksOf, StackLocked } from "../pulumi/lock";
import { pulumiFailure } from "../pulumi/refusals";
import { removeTornAttributes } from "../pulumi/torn-attributes";
import { inParallel } from "../pulumi/concurrency";
import { OpsError } from "../cli/ops-error";
import type { PreviewName } from "./preview-name";
import type { PreviewProject } from "./project";
import {
  type Encryption,
  encryptionOf,
  type PreviewTags,
  readShared,
  settingsOf,
  writeSettings,
} from "./settings-file";
import { asked, cliOf, workspaceOf } from "../pulumi/workspace";

/** Stack tags as Pulumi keeps them: `title` (as typed), `made`, `owner`, `commit`, `expires` (ISO, UTC). */
export type StackTags = Readonly<Record<string, string>>;

/**
 * The stack of one preview. What only reads asks Pulumi's CLI; what works on it does so by Pulumi's Automation API. Every method
 * throws an {@link OpsError}.
 */
export class PreviewStack {
  readonly #cli: PulumiStack;
  #tags: StackTags;
  /** How its secrets are encrypted, which never changes. */
  #encryption: Encryption | undefined;
  #workspace: Promise<LocalWorkspace> | undefined;

  private constructor(
    private readonly project: PreviewProject,
    readonly name: PreviewName,
    tags: StackTags,
  ) {
    this.#cli = cliOf(project, name.stack);
    this.#tags = tags;
  }

  /** Undefined where the backend knows no such stack. */
  static async find(project: PreviewProject, name: PreviewName): Promise<PreviewStack | undefined> {
    await removeTornAttributes(project);
    const tags = await cliOf(project, name.stack)
      .tags()
      .catch((error: unknown) => {
        if (error instanceof OpsError && error.code === "stack-unknown") return undefined;
        throw error;
      });
    return tags && new PreviewStack(project, { ...name, title: tags.title ?? name.title }, tags);
  }

  /**
   * Finds the stack, or makes it with the settings that all previews share.
   * @param tags a new stack's own, so that one which is killed before it has anything expires all the same
   */
  static async findOrMake(project: PreviewProject, name: PreviewName, tags: StackTags = {}): Promise<PreviewStack> {
    const found = await this.find(project, name);
    if (found) return found;
    const shared = await readShared(project.folder);
    await writeSettings(project.folder, name.stack, settingsOf(project.project, shared, undefined, {}));
    await cliOf(project, name.stack)
      .init(shared.secretsprovider)
      .catch((error: Error) => {
        // Somebody else made it at the same moment.
        if (!/already exists/.test(error.message)) throw error;
      });
    const stack = new PreviewStack(project, name, {});
    const title = name.title === titleOf(name.stack) ? undefined : name.title;
    await stack.tag({ title, made: secondsOf(project.now()), ...tags });
    return stack;
  }

  /** Where the API works on this stack. */
  #opened(): Promise<LocalWorkspace> {
    this.#workspace ??= workspaceOf(this.project);
    return this.#workspace;
  }

  /** The stack as the API has it. */
  async #selected(): Promise<Stack> {
    const { Stack } = await import("@pulumi/pulumi/automation");
    return Stack.select(this.name.stack, await this.#opened());
  }

  /** Marks kept as Pulumi's stack tags. */
  tags(): Promise<StackTags> {
    return Promise.resolve(this.#tags);
  }

  /** Sets those tags that differ, one after the other, because a backend of blobs keeps all of them in one. */
  async tag(tags: Readonly<Record<string, string | undefined>>): Promise<void> {
    for (const [key, value] of Object.entries(tags)) {
      if (value === undefined || value === this.#tags[key]) continue;
      const workspace = await this.#opened();
      await asked(this.name.stack, "stack tag set", () => workspace.setTag(this.name.stack, key, value));
      this.#tags = { ...this.#tags, [key]: value };
    }
  }

  /**
   * Who holds it. A backend of files or blobs says so; another one only to a command that needs the lock, for which a destroy
   * that destroys nothing is tried.
   * @param tried whether to try that
   */
  async locks(tried: boolean): Promise<readonly Lock[]> {
    const { stack } = this.name;
    const locks = await locksOf(this.project, stack);
    if (locks || !tried) return locks ?? [];
    try {
      await this.#writeSettings(undefined);
      await (await this.#selected()).previewDestroy({ color: "never" });
      return [];
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof OpsError) throw error;
      if (!isLocked(message)) throw pulumiFailure({ stack, command: "destroy --preview-only", said: message });
      const holders = locksIn(message);
      if (holders.length === 0) throw new StackLocked(stack, []);
      return holders;
    }
  }

  /**
   * Brings the set-up to what the program and the shared settings say, with these tags. The stack's tags are written as
   * soon as the engine holds the stack, so that an `up` which is killed has its expiry, and one that finds the stack held
   * changes nothing. Gives the outputs.
   */
  async up(
    tags: PreviewTags,
    onEvent: (event: EngineEvent) => void,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    await this.#writeSettings(tags);
    const said: string[] = [];
    let tagged: Promise<void> | undefined;
    let outputs: OutputMap;
    try {
      const stack = await this.#selected();
      ({ outputs } = await asked(this.name.stack, "up", () =>
        stack.up({
          color: "never",
          showSecrets: noSecrets,
          ...(signal ? { signal } : {}),
          onEvent: (event) => {
            tagged ??= this.tag({ ...tags });
            tagged.catch(() => undefined);
            const { diagnosticEvent } = event;
            if (diagnosticEvent?.severity === "error") said.push(`error: ${diagnosticEvent.message}`);
            onEvent(event);
          },
        }),
      ));
    } catch (error) {
      // What the program and Azure said is clearer than how Pulumi lays it out.
      if (said.length === 0) throw error;
      throw pulumiFailure({ stack: this.name.stack, command: "up", said: said.join("\n") });
    }
    await tagged;
    return Object.fromEntries(
      Object.entries(outputs).flatMap(([name, one]) => (one.secret ? [] : [[name, one.value]])),
    );
  }

  /** Destroys by what the state says; the program is not run. */
  async destroy(onLine: (line: string) => void, signal?: AbortSignal): Promise<void> {
    await this.#writeSettings(undefined);
    const stack = await this.#selected();
    await asked(this.name.stack, "destroy", () =>
      stack.destroy({
        color: "never",
        ...(signal ? { signal } : {}),
        onOutput: (text) => text.split("\n").filter(Boolean).forEach(onLine),
      }),
    );
  }

  /**
   * Removes the stack from the backend, and its file. Throws where the state still holds resources. Pulumi unselects whatever
   * stack is selected, when it removes one; a person's own selection is put back.
   */
  async remove(): Promise<void> {
    const { stack } = this.name;
    const selected = await this.#cli.selected();
    const workspace = await this.#opened();
    await asked(stack, "stack rm", () => workspace.removeStack(stack));
    if (selected !== undefined && selected !== stack) await cliOf(this.project, selected).select();
    await rm(join(this.project.folder, `Pulumi.${this.name.stack}.yaml`), { force: true });
  }

  /** The state, with its secrets encrypted. */
  async state(): Promise<State> {
    const state = await this.#cli.export("encrypted");
    this.#encryption = encryptionOf(state);
    return state;
  }

  /** What the program gives out; nothing in it is secret. Empty where no `up` has ended yet. */
  async outputs(): Promise<Record<string, unknown>> {
    return outputsOf(await this.state());
  }

  /** The settings of the last `up` or `destroy`, by key; encrypted ones are left out. */
  async deployedSettings(): Promise<Readonly<Record<string, string>>> {
    const stack = await this.#selected();
    const [last] = await asked(this.name.stack, "stack history", () => stack.history(1, undefined, noSecrets));
    return Object.fromEntries(
      Object.entries(last?.config ?? {}).flatMap(([key, { value, secret }]) => (secret ? [] : [[key, value] as const])),
    );
  }

  /** The stack's file may be on another machine, or older than the branch: it is written anew each time. */
  async #writeSettings(tags: PreviewTags | undefined): Promise<void> {
    const { folder, project } = this.project;
    const encryption = this.#encryption ?? encryptionOf(await this.state());
    await writeSettings(folder, this.name.stack, settingsOf(project, await readShared(folder), tags, encryption));
  }
}

/** A preview that the backend names and does not let be read, and why. */
export interface UnreadPreview {
  readonly name: PreviewName;
  readonly unread: string;
}

/** Pulumi's API has the settings of a stack's history decrypted where nobody says otherwise. */
const noSecrets = false;

/** Every preview that the backend knows, by name. One that cannot be read keeps nobody from the others. */
export async function listPreviews(project: PreviewProject): Promise<readonly (PreviewStack | UnreadPreview)[]> {
  await removeTornAttributes(project);
  const stacks = await allStacks(cliOf(project, ""));
  const names = stacks.map((name) => name.split("/").at(-1) ?? name).filter(isPreviewStack);
  names.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const found = await inParallel(4, names, (stack) => {
    const name = { title: titleOf(stack), stack };
    return PreviewStack.find(project, name).catch((error: unknown): UnreadPreview => {
      if (error instanceof OpsError) return { name, unread: error.message };
      throw error;
    });
  });
  return found.filter((preview) => preview !== undefined);
}

/**
 * A backend of files empties a file before it writes it, so that a list of all stacks fails where another command writes one of
 * them at that moment: it is asked again.
 */
async function allStacks(cli: PulumiStack, tries = 5): Promise<readonly string[]> {
  try {
    return await cli.all();
  } catch (error) {
    if (tries === 1 || !/\bEOF\b/.test((error as Error).message)) throw error;
    await wait(200);
    return allStacks(cli, tries - 1);
  }
}

/** What the state says that the program gave out. */
export function outputsOf(state: State): Record<string, unknown> {
  return state.deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

/** An instant as tags write it: whole seconds, UTC. */
export function secondsOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function titleOf(stack: string): string {
  return pullRequestOf(stack) ?? stack;
}
