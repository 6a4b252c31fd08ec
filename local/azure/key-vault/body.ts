import type { z } from "zod";
import { badParameter } from "./errors";

/** A request's body in this shape. Throws 400 with the first property at fault. */
export async function readBody<T>(request: Request, shape: z.ZodType<T>): Promise<T> {
  const body: unknown = await request.json().catch(() => undefined);
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw badParameter(`Property ${path.join(".") || "body"} has an invalid value: ${message}`);
}
