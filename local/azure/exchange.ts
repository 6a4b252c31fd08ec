/** One HTTP request that reached the local Azure: who asked whom for what, and the answer. */
export interface Exchange {
  readonly number: number;
  /** When it arrived, by the local Azure's clock. */
  readonly at: Date;
  /** `browser`, `deployer`, `bot`, or a service's name (`Token Service`, `Direct Line`, `App Service`, ...). */
  readonly caller: string;
  /** Name of the service that answered. */
  readonly service: string;
  readonly method: string;
  /** The address by its real name: `https://graph.microsoft.com/v1.0/me/messages`. */
  readonly url: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Text of the body; absent for binary ones. The trace keeps the first 64 Ki characters. */
  readonly requestBody?: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}
