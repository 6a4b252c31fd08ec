import { gitHubHost } from "./account";

/** The one team of the company's organisation; everybody is in it. https://docs.github.com/rest/teams/teams#get-a-team-by-name */
export const team = {
  id: 4217,
  node_id: "T_kwDOABCD",
  name: "Mail team",
  slug: "mail-team",
  description: "Looks after the bot",
  privacy: "closed",
  permission: "pull",
  html_url: `https://${gitHubHost}/orgs/contoso/teams/mail-team`,
} as const;
