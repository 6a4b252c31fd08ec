import type { CodeAnswer } from "../answers";
import { element } from "./element";
import { fetchToken, redeem } from "./server";

/**
 * Asks the person to sign in before there is a chat: opens the sign-in page in a window of its own, and takes its code.
 * @param address of the sign-in page
 * @param signedIn is called once the code was right
 */
export function askToSignIn(address: string, signedIn: () => void): void {
  const link = element("sign-in-page") as HTMLAnchorElement;
  const form = element("code-form") as HTMLFormElement;
  const code = element("code") as HTMLInputElement;
  const said = element("code-problem");
  link.href = address;
  element("sign-in").hidden = false;
  let isDone = false;
  const done = (): void => {
    if (isDone) return;
    isDone = true;
    removeEventListener("focus", renew);
    element("sign-in").hidden = true;
    signedIn();
  };
  // An address is good for one sign-in and some minutes: whoever comes back to the page finds one that works.
  const renew = (): void => {
    fetchToken().then(
      (answer) => {
        if ("signIn" in answer) link.href = answer.signIn;
        else done();
      },
      () => undefined,
    );
  };
  addEventListener("focus", renew);
  form.onsubmit = (event) => {
    event.preventDefault();
    said.textContent = "";
    const digits = code.value.replace(/\s/g, "");
    if (!/^\d{6}$/.test(digits)) {
      said.textContent = "The code has six digits.";
      return;
    }
    redeem(digits).then(
      (answer) => {
        if (!answer.right) {
          said.textContent = wrongCode(answer);
          code.select();
          return;
        }
        done();
      },
      (error: Error) => (said.textContent = error.message),
    );
  };
}

/** What to tell of a code that did not sign anybody in. */
export function wrongCode({ triesLeft, wait }: Pick<CodeAnswer, "triesLeft" | "wait">): string {
  if (triesLeft > 0)
    return `That code is not right. You can try ${triesLeft === 1 ? "once" : `${triesLeft} times`} more.`;
  const minutes = Math.max(1, Math.ceil(wait / 60));
  return `Too many codes were tried. The next may be tried in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
