import type { Browser, Page } from "playwright-core";
import { deployedBot, ownPages } from "../../local/page";
import { launchBrowser } from "./browser";
import { deploy, type Deployed } from "./deployed";

/** The page that `npm start` serves, in a browser. */
export interface StartedPage {
  readonly deployed: Deployed;
  readonly page: Page;
  close(): Promise<void>;
}

/**
 * Deploys a stack as `npm start -- --stack <stack>` does, and opens its page.
 * @param chromium path of the browser
 */
export async function startedPage(chromium: string, stack: string): Promise<StartedPage> {
  const deployed = await deploy({ stack, ownPages: (azure) => ownPages(azure, () => deployedBot(azure)) });
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await deployed.close();
  };
  try {
    browser = await launchBrowser(chromium);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${deployed.azure.browserOrigin}/`);
    return { deployed, page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
