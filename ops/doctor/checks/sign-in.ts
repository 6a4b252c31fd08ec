import { botServiceErrors } from "../../../contract/known-errors/bot-services";
import { fixOf } from "../../../contract/known-errors/known-error";
import { inGroup } from "./check";

/** What a real sign-in came to, where one was tried. */
export const signInChecks = inGroup("Sign-in", [
  {
    code: "sign-in-chat-refused",
    what: "Direct Line lets nobody chat with the bot",
    fix: "Switch a site of the channel on, and look at what Direct Line says",
    mendedByUp: false,
    follows: ["direct-line-missing", "direct-line-site-disabled", "bot-local-auth-off", "bot-public-network-off"],
    *look({ signIn }) {
      if (signIn?.ended === "refused")
        yield {
          where: signIn.at,
          evidence: signIn.words,
          fix: fixOf(botServiceErrors, { code: "", message: signIn.words }),
        };
    },
  },
  {
    code: "sign-in-no-card",
    what: "The bot does not ask for a sign-in",
    fix: "Write to it what needs one: --say <text>",
    mendedByUp: false,
    *look({ signIn, bot }) {
      if (signIn?.ended === "no card")
        yield {
          where: bot.id,
          evidence: `to "${signIn.asked}" it answers ${signIn.answers.map((text) => JSON.stringify(text)).join(", ") || "nothing"}`,
        };
    },
  },
  {
    code: "sign-in-no-answer",
    what: "The bot says nothing after the sign-in, or nobody has signed in",
    fix: "Sign in at the address that is shown, and type the code of the page; --minutes gives more time",
    mendedByUp: false,
    *look({ signIn, bot }) {
      if (signIn?.ended === "no answer")
        yield { where: bot.id, evidence: `no answer within ${signIn.minutes} min after the sign-in card` };
    },
  },
]);
