/**
 * An address of Azure as this machine's browser opens it. Where BOT_SIGN_IN_PAGES names a server, `http://localhost:5100`, that
 * one has the page of every host below its own: `http://localhost:5100/login.microsoftonline.com/...`.
 */
export function pageAddress(address: string, { BOT_SIGN_IN_PAGES: pages }: NodeJS.ProcessEnv = process.env): string {
  return pages === undefined || pages === "" ? address : address.replace(/^https:\/\//, `${pages}/`);
}

/** The same of the addresses in a text that people open: sign-in and consent pages, and those of web apps. */
export function pageAddressesIn(text: string, environment: NodeJS.ProcessEnv = process.env): string {
  const opened = /\bhttps:\/\/(?:login\.microsoftonline\.com|[\w-]+\.azurewebsites\.net)(?=[/?#])/g;
  return text.replace(opened, (address) => pageAddress(address, environment));
}
