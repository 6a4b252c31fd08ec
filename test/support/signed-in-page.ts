import type { FrameLocator, Page } from "playwright-core";

/** The bot's chat inside the page of the local Azure. */
export function chatIn(page: Page): FrameLocator {
  return page.frameLocator("#chat");
}

/** Writes into the chat as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  const box = chatIn(page).locator("[data-id=webchat-sendbox-input], .webchat__send-box-text-box__input").first();
  await box.fill(text);
  await box.press("Enter");
}

/** Says something that asks for a sign-in, and waits for the card that comes: one that was there before moves away meanwhile. */
export async function askForCard(page: Page, text: string): Promise<void> {
  const cards = chatIn(page).locator("button.ac-pushButton", { hasText: "Sign in" });
  const before = await cards.count();
  await say(page, text);
  await cards.nth(before).waitFor();
}

/** Presses the newest sign-in button and gives the window that it opens. */
export async function pressSignIn(page: Page): Promise<Page> {
  const button = chatIn(page).locator("button.ac-pushButton", { hasText: "Sign in" }).last();
  await button.waitFor();
  const opened = page.waitForEvent("popup");
  await button.click();
  const popup = await opened;
  // One that ends by itself may be gone.
  await popup.waitForLoadState().catch(() => undefined);
  return popup;
}

/**
 * Signs in through the pages of the local Entra, and consents for everyone where an administrator is asked.
 * @param givenName of one of the local tenant's people
 */
export async function signInAs(popup: Page, givenName: string, password: string): Promise<void> {
  await popup.locator(`input[name=account][value^="${givenName.toLowerCase()}@"]`).check();
  await popup.locator("#password").fill(password);
  await popup.getByRole("button", { name: "Sign in", exact: true }).click();
  await popup.waitForLoadState().catch(() => undefined);
  const accept = popup.getByRole("button", { name: "Accept" });
  if (!popup.isClosed() && (await accept.isVisible().catch(() => false))) {
    await popup.getByRole("checkbox").check();
    await accept.click();
  }
}
