import { standingOf } from "../../pulumi/pending-operations";
import { OpsError, type OpsErrorCode } from "../../cli/ops-error";
import type { PreviewStack } from "../preview-stack";
import type { State } from "../../pulumi/state";

/** Failures after which nothing else could go well either; after others a preview is deleted without the engine. */
const hopeless: readonly OpsErrorCode[] = [
  "stack-locked",
  "passphrase-missing",
  "passphrase-wrong",
  "backend-missing",
  "pulumi-cli-missing",
  "project-missing",
  "settings-missing",
  "settings-wrong",
  "sign-in-refused",
  "login-expired",
  "wrong-tenant",
  "azure-cli-missing",
];

/** Pulumi's part of taking a preview down: what the engine deletes, and then the stack itself. */
export class StackRemoval {
  /**
   * Whether the state still holds anything. Components and the stack's own resource count: with them in its state no stack
   * can be removed.
   */
  holds: boolean;
  /** Why Pulumi could not do its part, if it could not. */
  why: string | undefined;

  constructor(
    private readonly stack: PreviewStack | undefined,
    state: State | undefined,
    private readonly say: (line: string) => void,
  ) {
    this.holds = state !== undefined && standingOf(state).resources.length > 0;
  }

  /** Has the engine destroy what the state knows. */
  async destroy(): Promise<void> {
    this.say("Destroying what the state knows.");
    await this.#try(async (stack) => {
      await stack.destroy(() => undefined);
      this.holds = false;
    });
  }

  /**
   * Removes the stack and its settings, unless something lives that it made.
   * @param lives whether something does
   */
  async remove(lives: boolean): Promise<void> {
    if (lives) {
      this.why = "kept, because what it made is still there";
      return;
    }
    // What the engine could not delete and is gone now, it strikes from the state.
    if (this.holds) await this.destroy();
    if (!this.holds) await this.#try((stack) => stack.remove());
  }

  async #try(act: (stack: PreviewStack) => Promise<void>): Promise<void> {
    if (!this.stack) return;
    try {
      await act(this.stack);
    } catch (error) {
      if (!(error instanceof OpsError) || hopeless.includes(error.code)) throw error;
      this.why = error.message;
      this.say(`Pulumi could not: ${error.message}`);
    }
  }
}
