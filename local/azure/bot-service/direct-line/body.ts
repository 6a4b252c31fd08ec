import { badArgument, badSyntax, messageTooBig } from "../errors";

const largest = 256 * 1024;

/** A request's JSON object; `{}` where there is none. @throws AzureError BadSyntax, BadArgument, MessageSizeTooBig */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (Buffer.byteLength(text) > largest) throw messageTooBig();
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badSyntax();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badArgument("The request's body is not a JSON object");
  }
  return value as Record<string, unknown>;
}

/** A member whatever its case: Direct Line reads `TrustedOrigins` and `trustedOrigins` alike. */
export function member(object: unknown, name: string): unknown {
  if (typeof object !== "object" || object === null) return undefined;
  return Object.entries(object).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
