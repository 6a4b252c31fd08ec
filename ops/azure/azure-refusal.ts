/** What Azure or Entra refused, in its own words. */
export class AzureRefusal extends Error {
  override readonly name = "AzureRefusal";

  constructor(
    readonly status: number,
    /** Azure's own: `AuthorizationFailed`, `ScopeLocked`, `Authorization_RequestDenied`. */
    readonly code: string,
    said: string | undefined,
  ) {
    super(said ? `${code}: ${said}` : `${code} (${status})`);
  }
}
