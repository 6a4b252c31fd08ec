/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages */
export const host = "smba.trafficmanager.net";
export const folder = "/teams";

/** Where Teams itself is: its sign-in at Entra ends there. */
export const windowHost = "teams.microsoft.com";
export const windowEnd = "/go";
