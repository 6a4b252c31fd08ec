import { join } from "node:path";
import { build } from "esbuild";
import { tokenName } from "./page-token";

/** Everything comes from this origin; nothing that the page shows can make it ask another. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The page's HTML: the chat's frame, and the place for the rest.
 * @param chat path of the deployed bot's chat; undefined while there is none
 * @param token opens what this page alone may see and change
 */
export function pageDocument(chat: string | undefined, token: string | undefined): Response {
  const frame = chat
    ? `<iframe id="chat" title="The bot's chat page" src="${chat}"></iframe>`
    : `<p class="waiting" role="status">No bot is deployed yet. The chat opens here by itself.</p>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${token ? `<meta name="${tokenName}" content="${token}">\n` : ""}<title>Bot sign-in, on this machine</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
</head>
<body data-tab="chat" data-where="web">
<main>
<section id="talk" aria-label="Chat">
<div id="where"></div>
<div id="web">${frame}</div>
<div id="teams"></div>
</section>
<div id="side"></div>
</main>
<script src="/page.js"></script>
</body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": policy,
      "referrer-policy": "same-origin",
    },
  });
}

/** Three lanes and an arrow. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b6b53"/>' +
  '<path d="M8 6v20M24 6v20M8 16h13m-5-5 5 5-5 5" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>';

/** Script and style of the page, bundled from this folder; some 40 KB. */
export async function bundlePage(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "client", "main.tsx")],
    bundle: true,
    minify: true,
    write: false,
    outdir: "/page",
    entryNames: "page",
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}
