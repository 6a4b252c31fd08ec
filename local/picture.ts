import "./node-version";
import { type Command, jsonOption } from "../cli/command";
import { runIfMain } from "../cli/run";
import { CommandError } from "./command-error";
import { tokenName } from "./page/page-token";
import { portSetting } from "./port-setting";

export const command = {
  typed: "npm run picture --",
  takes: "",
  describes: `
Prints what is deployed in a running local Azure as Mermaid, for a README or a pull request.`,
  options: {
    port: { type: "string", value: "<n>", does: "port of its page (default PORT, else 5100)" },
    json: jsonOption,
  },
  examples: ["npm run --silent picture", "npm run --silent picture -- --port 5110 > picture.mmd"],
  ends: { done: "the picture is printed" },
} as const satisfies Command;

runIfMain(module, command, async ({ values }, { json, result }) => {
  const page = `http://localhost:${portSetting(values.port, process.env.PORT)}/`;
  const html = await fetch(page).then(
    (answer) => answer.text(),
    () => "",
  );
  const token = new RegExp(`name="${tokenName}" content="([^"]+)"`).exec(html)?.[1];
  const answer =
    token &&
    (await fetch(`${page}picture.${json ? "json" : "mmd"}`, { headers: { [tokenName]: token } }).catch(
      () => undefined,
    ));
  if (!answer || !answer.ok) {
    throw new CommandError(
      "not-running",
      `No local Azure answers at ${page}. Start one by npm start or npm run azure, or name its port: --port <n>`,
    );
  }
  const drawn = await answer.text();
  result(json && JSON.parse(drawn), drawn.trimEnd());
  return "done";
});
