/** What `POST api/token` gives. `domain` is absolute: what stands between page and bot may rewrite it. */
export interface TokenAnswer {
  readonly token: string;
  readonly conversationId: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly domain: string;
}

/** What it gives, with status 401, where only people who have signed in may chat. */
export interface SignInNeeded {
  /** The sign-in page, of the Token Service. It ends with a code for `POST api/sign-in`. */
  readonly signIn: string;
}

/** What `POST api/sign-in` says of a code. */
export interface CodeAnswer {
  readonly right: boolean;
  /** How many more may be tried now. */
  readonly triesLeft: number;
  /** Seconds until the next may be tried, where that is none now. */
  readonly wait: number;
}
