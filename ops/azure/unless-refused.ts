import { AzureCallError } from "../../infra/azure/azure-call-error";

/**
 * What a look gives; undefined where Azure refuses it with a status that says enough.
 * @param saysEnough what else goes wrong is thrown as it is
 */
export async function unlessRefused<Found>(
  look: Promise<Found>,
  saysEnough: (status: number) => boolean,
): Promise<Found | undefined> {
  return look.catch((error: unknown) => {
    if (error instanceof AzureCallError && error.status !== undefined && saysEnough(error.status)) return undefined;
    throw error;
  });
}

/** Whoever looks may not: 403 without the right, 401 as somebody whom the service does not know. */
export const mayNot = (status: number): boolean => status === 401 || status === 403;
/** Whoever looks has no right to it. */
export const isForbidden = (status: number): boolean => status === 403;
/** There is no such thing. */
export const isNotFound = (status: number): boolean => status === 404;
