import { createHash } from "node:crypto";
import { html, Html } from "./html";

const style = `
:root { color-scheme: light dark; --ground: #eef3f1; --card: #fff; --ink: #17211d; --quiet: #52625b; --line: #c9d5d0;
  --accent: #0b6b53; --on-accent: #fff; --tint: #e3f1ec; --alarm: #a3210f; --alarm-tint: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --ground: #101714; --card: #19231f; --ink: #e9f1ed; --quiet: #a3b5ad;
  --line: #37473f; --accent: #5fd0ad; --on-accent: #06271d; --tint: #1f332b; --alarm: #ff9c8c; --alarm-tint: #3a1d19; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 27rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 1.5rem; overflow-wrap: anywhere; }
.where { display: flex; flex-wrap: wrap; gap: .25rem .6rem; align-items: baseline; margin: 0 0 1rem; color: var(--quiet);
  font-size: .85rem; }
.where strong { background: var(--tint); color: var(--accent); border-radius: 99px; padding: .1rem .7rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0 0 .9rem; }
.quiet { color: var(--quiet); font-size: .9rem; }
code { font: .95em ui-monospace, monospace; background: var(--tint); border-radius: 5px; padding: .1rem .35rem; }
form + .quiet { margin-top: 1.2rem; }
#hint code { white-space: nowrap; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; }
legend, .label { display: block; font-weight: 600; padding: 0; margin: 0 0 .4rem; }
.person { display: flex; gap: .7rem; align-items: flex-start; border: 1px solid var(--line); border-radius: 10px;
  padding: .6rem .75rem; margin: 0 0 .5rem; cursor: pointer; }
.person:has(input:checked) { border-color: var(--accent); background: var(--tint); }
.person input[type=radio], .check input { accent-color: var(--accent); width: 1.1rem; height: 1.1rem; margin: .2rem 0 0;
  flex: none; }
.person span { min-width: 0; }
.person small { display: block; color: var(--quiet); }
input[type=text], input[type=password] { width: 100%; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--quiet); border-radius: 8px; padding: .55rem .7rem; margin: 0 0 .4rem; }
.other { display: none; }
.person:has(input[value=""]:checked) + .other { display: block; }
button { font: inherit; font-weight: 600; border-radius: 8px; padding: .6rem 1.1rem; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); }
button.second { background: transparent; color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.2rem 0 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alarm { border-left: 4px solid var(--alarm); background: var(--alarm-tint); color: var(--ink); padding: .6rem .8rem;
  border-radius: 6px; }
.scopes { list-style: none; padding: 0; margin: 0 0 1rem; }
.scopes li { border-top: 1px solid var(--line); padding: .55rem 0; }
.scopes li:last-child { border-bottom: 1px solid var(--line); }
.scopes b, .scopes small { display: block; }
.scopes small { color: var(--quiet); }
.check { display: flex; gap: .7rem; align-items: flex-start; }
dl { font-size: .85rem; color: var(--quiet); margin: 1rem 0 0; }
dt { font-weight: 600; } dd { margin: 0 0 .3rem; }
`;

/** Runs in the page that posts an answer back to the application. */
const submitScript = "document.forms[0].submit()";

const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// Byte for byte what the policy's digests are of, hence outside any template that a formatter may lay out anew.
const styleElement = new Html(`<style>${style}</style>`);
const scriptElement = new Html(`<script>${submitScript}</script>`);

/** No host stands in it, so that it means the same wherever the page is served; no `form-action`, because redirects follow. */
const policy = (script: boolean): string =>
  [
    "default-src 'none'",
    `style-src ${digest(style)}`,
    ...(script ? [`script-src ${digest(submitScript)}`] : []),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** A page on which people sign in: its content in the frame that says what this is. */
export function page(
  title: string,
  content: Html,
  { status = 200, cookies = [] as readonly string[], submits = false, provider = "Entra ID" } = {},
): Response {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - local Azure</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <p class="where"><strong>local Azure</strong> <span>${provider} on this machine, nothing leaves it</span></p>
          ${content}
        </main>
        ${submits && scriptElement}
      </body>
    </html>`;
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store, no-cache",
    "content-security-policy": policy(submits),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(document.text, { status, headers });
}
