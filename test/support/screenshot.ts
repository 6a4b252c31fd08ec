import "../../local/node-version";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { TeamsAppAtStart } from "../../local/teams-app";
import { findBrowser } from "./browser";
import { root } from "./deployed";
import { chatIn, pressSignIn, say, signInAs } from "./signed-in-page";
import { startedPage, type StartedPage } from "./started-page";

/** The documents' pictures: what is deployed for each, and what a person does before it is taken. */
const pictures: readonly [file: string, stack: string, act: (started: StartedPage) => Promise<void>][] = [
  ["sign-in.png", "dev", wholeSignIn],
  ["teams.png", "teams", silentSignIn],
];

async function wholeSignIn({ page, deployed }: StartedPage): Promise<void> {
  await chatIn(page).getByText("Hello. I can read").first().waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await say(page, "mail");
  await signInAs(await pressSignIn(page), "Ada", deployed.azure.tenant.password);
  await chatIn(page).getByText("newest message").first().waitFor();
}

async function silentSignIn({ page, deployed: { azure } }: StartedPage): Promise<void> {
  const app = { root, stack: "teams", environment: await azure.deployerEnvironment() };
  await new TeamsAppAtStart().install(azure, app, new AbortController().signal);
  await page.getByRole("button", { name: "Teams", exact: true }).click();
  await ask(page, "mail");
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Continue" }).click();
  const popup = await opened;
  await popup.getByRole("checkbox").check();
  await popup.getByRole("button", { name: "Accept" }).click();
  await page.locator("#teams").getByText("newest message").waitFor();
  await page.getByLabel("You are").selectOption({ label: "Kim Tanaka" });
  await page.locator("#teams").getByText("Hello. I can read").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await ask(page, "mail");
  await page.locator("#teams").getByText("newest message").waitFor();
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

/** `npx tsx test/support/screenshot.ts`: takes docs/sign-in.png and docs/teams.png anew. Needs a Chromium. */
async function main(): Promise<void> {
  const chromium = findBrowser();
  if (!chromium) throw new Error("No Chromium on this machine. Name one: CHROMIUM_PATH=/path/to/chromium");
  for (const [file, stack, act] of pictures) {
    const started = await startedPage(chromium, stack);
    try {
      await act(started);
      await started.page.locator(".ten li.done").nth(9).waitFor();
      // The chat scrolls smoothly to its end.
      await started.page.waitForTimeout(1500);
      await started.page.screenshot({ path: join(root, "docs", file) });
    } finally {
      await started.close();
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
