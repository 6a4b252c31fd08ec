/** What a client's failure means for the person, and what fixes it for whoever runs the bot. */
export interface ClientFailure {
  readonly user: string;
  readonly fix: string;
}

const agreement =
  "npm run teams:package -- <stack> names what does not agree; npm run drift, then pulumi up sets the sign-in app and the connection again, a new package the rest.";

/**
 * Codes of `signin/failure`, with which Teams says that it could not sign somebody in by itself. With most of them it shows
 * the person nothing: neither the failure nor the card.
 * https://learn.microsoft.com/microsoftteams/platform/teams-sdk/teams/user-authentication/troubleshooting-sso
 */
const failures: Readonly<Record<string, ClientFailure>> = {
  installappfailed: {
    user: "Teams could not install my app for you, which it needs to sign you in by itself.",
    fix: "The app must be allowed for this person in the Teams admin center (Teams apps, Manage apps and Permission policies), or be installed for everybody by a setup policy.",
  },
  authrequestfailed: {
    user: "Teams was not allowed to sign you in by itself.",
    fix: "Give consent to the sign-in app in the tenant in which Teams runs; where that is not the bot's own, the sign-in app must take accounts of any organisation (AzureADMultipleOrgs).",
  },
  installedappnotfound: {
    user: "Teams does not sign you in by itself, because my app is not installed for you.",
    fix: "Install the app for this person, and in this chat: npm run teams:package -- <stack> writes the package, docs/teams.md says how it is installed.",
  },
  invokeerror: {
    user: "Teams could not finish signing you in by itself.",
    fix: "The bot did not answer signin/tokenExchange: look for a turn that failed right before this line, and whether the bot answers within 15 seconds.",
  },
  resourcematchfailed: {
    user: "Teams does not sign you in by itself, because I am not set up right for it: please tell whoever runs me.",
    fix: `The sign-in app's identifier URI, the connection's tokenExchangeUrl and webApplicationInfo.resource of the package must be the same: ${agreement}`,
  },
  oauthcardnotvalid: {
    user: "Teams did not understand my sign-in card.",
    fix: "The connection's tokenExchangeUrl may not be an address (api://botid-<bot id>): npm run drift, then pulumi up sets it again.",
  },
  tokenmissing: {
    user: "Teams got no token with which to sign you in by itself.",
    fix: `Entra gave Teams no token for the sign-in app. Its scope access_as_user must allow both clients of Teams in advance, and webApplicationInfo.id of the package must be the sign-in app's: ${agreement} Entra's sign-in log says more.`,
  },
  userconsentrequired: {
    user: "You have not allowed yet that I sign you in.",
    fix: "Nothing, where people may consent themselves. Otherwise an administrator consents for everybody: the program's warning has the address.",
  },
  interactionrequired: {
    user: "Your organisation wants you to sign in yourself.",
    fix: "Conditional Access asks for more than a token of Teams': Entra's sign-in log names the policy.",
  },
};

/** What a failure of this code means; undefined for a code that nobody has published. */
export function clientFailureOf(code: unknown): ClientFailure | undefined {
  const known = typeof code === "string" ? code.toLowerCase() : "";
  return Object.hasOwn(failures, known) ? failures[known] : undefined;
}

export const clientFailureCodes: readonly string[] = Object.keys(failures);
