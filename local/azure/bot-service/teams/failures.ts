/** Why Teams could not sign somebody in silently, as it tells the bot by `signin/failure`. */
export interface SignInFailure {
  readonly code: string;
  /** What Teams says along with the code; its own words are not on record. */
  readonly message: string;
  /** What lies behind it. */
  readonly meaning: string;
}

/**
 * The codes of `signin/failure`, from microsoft/teams.net, `SignInFailureValue.cs`. The last two are mostly settled by Teams
 * itself: it shows a window.
 */
export const signInFailures = [
  {
    code: "installappfailed",
    message: "The app could not be installed.",
    meaning: "Teams wanted to install the app for this person and could not.",
  },
  {
    code: "authrequestfailed",
    message: "The token request failed.",
    meaning: "Entra refused Teams the token: the sign-in application is of another tenant, or was changed.",
  },
  {
    code: "installedappnotfound",
    message: "The app is not installed here.",
    meaning: "The app is not installed for this person or in this chat. The most common of all.",
  },
  {
    code: "invokeerror",
    message: "The token exchange failed.",
    meaning: "webApplicationInfo.id of the package is not the sign-in application, or the bot failed on the token.",
  },
  {
    code: "resourcematchfailed",
    message: "The resource does not match.",
    meaning:
      "The card's address, webApplicationInfo.resource and the identifier URI are not the same, or this is a channel.",
  },
  {
    code: "oauthcardnotvalid",
    message: "The sign-in card is not valid.",
    meaning: "The card lacks its connection's name or its address.",
  },
  {
    code: "tokenmissing",
    message: "There is no token.",
    meaning: "Entra answered without a token.",
  },
  {
    code: "userconsentrequired",
    message: "The person has to consent.",
    meaning: "The person has not allowed the application what it asks for, and Teams shows no window.",
  },
  {
    code: "interactionrequired",
    message: "The person has to sign in.",
    meaning: "The person has to sign in to Entra again, and Teams shows no window.",
  },
] as const satisfies readonly SignInFailure[];

export type FailureCode = (typeof signInFailures)[number]["code"];

/** The failure of a code. */
export function failureOf(code: FailureCode): SignInFailure {
  return signInFailures.find((one) => one.code === code) as SignInFailure;
}
