/** What a person decides about an adoption. */
export interface Choices {
  readonly project: string;
  readonly stack: string;
  /** The bot's code, with which its web app is adopted, too; without it the app stays as it is. */
  readonly code?: { readonly folder?: string; readonly zip?: string; readonly sdk: string };
}
