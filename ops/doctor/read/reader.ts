import type { Access } from "../../../infra/azure/access";
import { type Arm, armClient } from "../../../infra/azure/arm";
import { AzureCallError } from "../../../infra/azure/azure-call-error";
import type { NotChecked } from "../set-up";
import type { Read } from "../set-up/read-value";

/** Reads as the caller may, and keeps account of what the caller may not. */
export class Reader {
  readonly arm: Arm;
  readonly #notChecked: NotChecked[] = [];

  constructor(
    readonly access: Access,
    readonly subscriptionId: string,
  ) {
    this.arm = armClient(access);
  }

  /** What could not be looked at, each once. */
  get notChecked(): readonly NotChecked[] {
    return this.#notChecked.filter(
      (one, at, all) => all.findIndex(({ what, where }) => what === one.what && where === one.where) === at,
    );
  }

  /**
   * Reads something. Where Azure refuses, that is what is not checked, and no error: the rest can still be told.
   * @param who may read it
   */
  async read<T>(what: string, where: string, look: () => Promise<T>, who?: string): Promise<Read<T>> {
    try {
      return { value: await look() };
    } catch (error) {
      if (!(error instanceof AzureCallError)) throw error;
      const refused = `${error.cause} [${error.code}]`;
      return this.leaveOut(what, where, who && error.status === 403 ? `${refused} ${who}` : refused);
    }
  }

  /** Notes what is not looked at. */
  leaveOut(what: string, where: string, because: string): { readonly unread: string } {
    this.#notChecked.push({ what, where, because });
    return { unread: because };
  }
}
