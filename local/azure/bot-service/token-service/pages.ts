import { newId } from "../../secrets";
import { teamsCodeMessage } from "../teams/window-message";

const style = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 15vh auto 0; max-width: 28rem; padding: 0 1rem; }
  h1 { font-size: 1.4rem; }
  .code { display: block; font: 600 2.5rem/1.2 ui-monospace, monospace; letter-spacing: .3em; margin: 1rem 0; }
`;

/** The sign-in is complete: nothing is left to do in this window. */
export function signedInPage(): Response {
  return page(200, "You are signed in", "<p>You may close this window and go back to the chat.</p>", "window.close();");
}

/**
 * The browser is not known to be the chat's: the code carries the sign-in over.
 * @param script run by the page
 */
export function codePage(code: string, script?: string): Response {
  return page(
    200,
    "One more step",
    `<p>To finish, type this code into the chat with the bot:</p>
     <output class="code" id="code">${escape(code)}</output>
     <p>It is good for ten minutes. Tell it to nobody: whoever types it is signed in as you.</p>`,
    script,
  );
}

/** The page in Teams' sign-in window: it hands the code to Teams, and closes. Opened anywhere else it shows the code. */
export function teamsCodePage(code: string): Response {
  return codePage(code, handOver(code));
}

/** Teams' own window has come back from Entra. */
export function windowEndPage(query: URLSearchParams): Response {
  const refused = query.get("error_description") ?? query.get("error");
  if (refused !== null) return refusedPage(query, refused);
  return page(200, "Done", "<p>You may close this window and go back to Teams.</p>", handOver("consented"));
}

const handOver = (code: string): string =>
  `if (window.opener) {
      window.opener.postMessage(${JSON.stringify({ type: teamsCodeMessage, code })}, window.location.origin);
      window.close();
    }`;

/**
 * The provider sent the person back without a code. Azure's page repeats the provider's words alone; the local one tells
 * whoever declined what to do next, too.
 * @param query of the way back
 */
export function refusedPage(query: URLSearchParams, message: string): Response {
  return errorPage(400, message, query.get("error") === "access_denied" ? declined : "");
}

const declined = `<p id="next">You declined, so nothing was done in your name. To go on after all, close this window, press the
     sign-in button in the chat again, and accept. Where the page let you accept nothing, ask an administrator to consent for
     everyone first.</p>`;

/** The sign-in failed. The bot is not told. */
export function errorPage(status: number, message: string, next = ""): Response {
  return page(
    status,
    "ServiceError",
    `<p role="alert" id="message" tabindex="-1" autofocus>${escape(message)}</p>${next}`,
  );
}

function page(status: number, title: string, content: string, script?: string): Response {
  const nonce = newId(16, "base64");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content}
</main>
${script ? `<script nonce="${nonce}">${script}</script>` : ""}
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" +
        (script ? `; script-src 'nonce-${nonce}'` : ""),
    },
  });
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
