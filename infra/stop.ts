import * as pulumi from "@pulumi/pulumi";

/**
 * Ends the program with an error in plain words. What waits for the promise, and with it every resource that is made of it,
 * waits for ever: a rejected one would be told once for each of them, as a failure to serialize an input.
 */
export function stopWith(message: string): Promise<never> {
  void Promise.reject(new pulumi.RunError(message));
  return new Promise<never>(() => {});
}
