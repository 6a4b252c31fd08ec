import type { CodeAnswer, SignInNeeded, TokenAnswer } from "../answers";

/** What the page's own server says, where it is not what was asked for; its words are for the person. */
export class Refused extends Error {}

/** Every address is relative: the page may live below a path, and its cookie with it. */
async function post(path: string, body?: object): Promise<Response> {
  const answer = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused("The chat cannot be reached. Check your network, then start again.");
  });
  if (answer.status === 429) throw new Refused("This browser has asked too often. Please wait a minute.");
  return answer;
}

/** A token for this browser, or the address at which the person has to sign in first. */
export async function fetchToken(): Promise<TokenAnswer | SignInNeeded> {
  const answer = await post("./api/token");
  if (!answer.ok && answer.status !== 401) throw new Refused("The chat cannot be opened right now.");
  return (await answer.json()) as TokenAnswer | SignInNeeded;
}

/** Hands in the code of the sign-in page. */
export async function redeem(code: string): Promise<CodeAnswer> {
  const answer = await post("./api/sign-in", { code });
  if (!answer.ok) throw new Refused("The code cannot be checked right now. Please try again.");
  return (await answer.json()) as CodeAnswer;
}

/** Ends this browser's session, and with it the sign-ins of its user. */
export async function signOut(): Promise<void> {
  const answer = await post("./api/sign-out");
  if (!answer.ok) throw new Refused("You are not signed out: it does not work right now. Please try again.");
}
