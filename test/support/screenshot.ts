import "../../local/node-version";
import { join } from "node:path";
import { ownPages } from "../../local/page";
import { findBrowser, launchBrowser } from "./browser";
import { deploy, root } from "./deployed";
import { chatIn, pressSignIn, say, signInAs } from "./signed-in-page";

/** `npx tsx test/support/screenshot.ts`: takes docs/sign-in.png anew, after a whole sign-in. Needs a Chromium. */
async function main(): Promise<void> {
  const chromium = findBrowser();
  if (!chromium) throw new Error("No Chromium on this machine. Name one: CHROMIUM_PATH=/path/to/chromium");
  let host = "";
  const deployed = await deploy({ ownPages: (azure) => ownPages(azure, () => (host ? { host } : undefined)) });
  host = new URL(String(deployed.outputs.chatAddress)).host;
  const browser = await launchBrowser(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
    await page.goto(`${deployed.azure.browserOrigin}/`);
    await chatIn(page).getByText("Hello. I can read").first().waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await say(page, "mail");
    await signInAs(await pressSignIn(page), "Ada", deployed.azure.tenant.password);
    await chatIn(page).getByText("newest message").first().waitFor();
    await page.locator(".ten li.done").nth(9).waitFor();
    // The chat scrolls smoothly to its end.
    await page.waitForTimeout(1500);
    await page.screenshot({ path: join(root, "docs", "sign-in.png") });
  } finally {
    await browser.close();
    await deployed.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
