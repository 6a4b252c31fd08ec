import type { Person } from "../tenant";

/** Host of the web site, where people sign in. */
export const gitHubHost = "github.com";
/** Host of the REST API. */
export const gitHubApiHost = "api.github.com";

/** A person's login name at GitHub. */
export function loginOf({ givenName }: Pick<Person, "givenName">): string {
  return givenName.toLowerCase();
}

/** A number that stays the same for a person: GitHub's ids are numbers. */
export function idOf({ objectId }: Pick<Person, "objectId">): number {
  return Number.parseInt(objectId.slice(0, 7), 16);
}

/** A user as issues and repositories name him. https://docs.github.com/rest/users/users */
export function simpleUser(person: Pick<Person, "givenName" | "objectId">): Record<string, unknown> {
  const login = loginOf(person);
  const api = `https://${gitHubApiHost}/users/${login}`;
  return {
    login,
    id: idOf(person),
    node_id: Buffer.from(`04:User${idOf(person)}`).toString("base64"),
    avatar_url: `https://avatars.githubusercontent.com/u/${idOf(person)}?v=4`,
    gravatar_id: "",
    url: api,
    html_url: `https://${gitHubHost}/${login}`,
    repos_url: `${api}/repos`,
    type: "User",
    user_view_type: "public",
    site_admin: false,
  };
}
