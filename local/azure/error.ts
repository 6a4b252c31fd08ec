/**
 * A refusal by one of the local Azure's services, in the words and form of the real one.
 *
 * Each service keeps a catalogue (`errors.ts` in its folder) of functions that return one of these, because every
 * service words its answer's body differently: `{error:{code,message}}` at ARM, `{error,error_description}` at Entra.
 */
export class AzureError extends Error {
  override readonly name = "AzureError";

  constructor(
    /** HTTP status; never 5xx for something unsupported, because Azure's clients retry those for minutes. */
    readonly status: number,
    /** Azure's own code: `ResourceNotFound`, `AADSTS7000215`, ... */
    readonly code: string,
    message: string,
    /** The answer's body, as the real service words it. */
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  /** The HTTP answer that a client sees. */
  toResponse(): Response {
    if (this.body === "") return new Response(null, { status: this.status, headers: this.headers });
    if (typeof this.body === "string") return new Response(this.body, { status: this.status, headers: this.headers });
    return Response.json(this.body, { status: this.status, headers: this.headers });
  }
}
