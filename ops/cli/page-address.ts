/**
 * An address of Azure as this machine's browser opens it. Where BOT_SIGN_IN_PAGES names a server, `http://localhost:5100`, that
 * one has the page of every host below its own: `http://localhost:5100/login.microsoftonline.com/...`.
 */
export function pageAddress(address: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { BOT_SIGN_IN_PAGES: pages } = environment;
  return pages === undefined || pages === "" ? address : address.replace(/^https:\/\//, `${pages}/`);
}
