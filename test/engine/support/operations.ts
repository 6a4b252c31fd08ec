import type { LocalAzure } from "../../../local/azure/azure";
import type { Exchange } from "../../../local/azure/exchange";

/** Whether Azure's answer leaves the work going on: an accepted one, or a resource that is still being made. */
export function goesOn({ status, responseBody }: Pick<Exchange, "status" | "responseBody">): boolean {
  const state = /"provisioningState":"(\w+)"/.exec(responseBody ?? "")?.[1];
  return status === 202 || (status < 300 && state !== undefined && !["Succeeded", "Accepted"].includes(state));
}

/**
 * Lets the creation of a resource last, until the clock of the local Azure passes it.
 * @param type `Microsoft.KeyVault/vaults`
 * @returns what lets the next one be over at once again
 */
export function lasting(azure: LocalAzure, type: string, milliseconds: number): () => void {
  const { asynchronous } = azure.resourceTypes.find((row) => row.type === type) ?? {};
  if (asynchronous?.put === undefined) throw new Error(`${type} is not made by an operation`);
  Object.assign(asynchronous, { put: milliseconds });
  return () => void Object.assign(asynchronous, { put: 0 });
}
