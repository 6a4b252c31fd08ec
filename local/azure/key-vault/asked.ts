import type { Call } from "../routes";
import type { Resource } from "../service";
import type { Right } from "./access";
import type { VaultContent } from "./vaults";

/** A request that has passed the vault's door. */
export interface Asked extends Call, VaultContent {
  readonly vault: Resource;
  /** Refuses the caller without this right; a list is about nothing by name. */
  demand(right: Right, name?: string): void;
  /** Makes ARM show a secret as it is now. */
  mirror(secretName: string): void;
  /** The same for a key. */
  mirrorKey(keyName: string): void;
}

export type Operation = (asked: Asked) => Response | Promise<Response>;
