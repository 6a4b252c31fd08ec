import type { LocalAzure } from "../../local/azure/azure";

/** The token that the local Azure's own page holds, as a person's browser gets it with the page. */
export async function pageToken({ browserOrigin }: Pick<LocalAzure, "browserOrigin">): Promise<string> {
  const html = await (await fetch(`${browserOrigin}/`)).text();
  return /name="page-token" content="([\w-]{43})"/.exec(html)?.[1] ?? "the page holds no token";
}
