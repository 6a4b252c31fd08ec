import type { Resource } from "../service";
import type { Right } from "./access";
import type { Accounts } from "./accounts";

/** A request that has passed the account's door. */
export interface Asked {
  readonly request: Request;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly accounts: Accounts;
  readonly account: Resource;
  /** Empty at the account itself. */
  readonly containerName: string;
  /** The container; throws `ContainerNotFound`. */
  container(): Resource;
  /** Refuses the caller without this right. */
  demand(right: Right): void;
  /**
   * Refuses who may not read what they copy of a container of the account: the caller, or whom the copied blob's own
   * shared access signature allows. https://learn.microsoft.com/rest/api/storageservices/copy-blob#authorization
   */
  demandOfSource(source: URL, containerName: string): void;
}
