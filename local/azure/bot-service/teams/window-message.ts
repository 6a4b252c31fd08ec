/**
 * What a page in Teams' window tells the Teams that opened it at its end, as `{ type, code }`: the code of a sign-in, which Teams
 * sends to the bot as `signin/verifyState`.
 */
export const teamsCodeMessage = "local-teams/sign-in-code";
