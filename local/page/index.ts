import { join } from "node:path";
import { build } from "esbuild";
import type { LocalAzure } from "../azure/azure";
import type { Exchange } from "../azure/trace";
import type { OwnPages } from "../door/browser";
import { arrow } from "./ten-steps";

/** What the page is told about the bot once it is deployed. */
export interface DeployedBot {
  /** Host of the web app. */
  readonly host: string;
}

/**
 * The local Azure's own page at `/`: the bot's chat page in a frame, and beside it the ten steps of the sign-in, drawn
 * live from the trace.
 * @param bot gives the deployed bot, or undefined while it is being deployed
 */
export function ownPages(azure: LocalAzure, bot: () => DeployedBot | undefined): OwnPages {
  let bundle: Promise<{ script: string; style: string }> | undefined;
  return async (request) => {
    if (request.method !== "GET") return undefined;
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/":
        return page(bot());
      case "/page.js":
        return file((await (bundle ??= bundlePage())).script, "text/javascript");
      case "/page.css":
        return file((await (bundle ??= bundlePage())).style, "text/css");
      case "/exchange":
        return detail(azure, Number(searchParams.get("number")));
      case "/arrows":
        return arrows(azure);
      default:
        return undefined;
    }
  };
}

function page(bot: DeployedBot | undefined): Response {
  const frame = bot
    ? `<iframe id="chat" title="The bot's chat page" src="/${bot.host}/"></iframe>`
    : `<p class="waiting" role="status">The bot is being deployed. This page opens it by itself.</p>`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${bot ? "" : '<meta http-equiv="refresh" content="2">'}
<title>Bot sign-in, on this machine</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<section class="chat" aria-label="Chat">${frame}</section>
<section class="steps" aria-label="The ten steps of the sign-in" id="steps"></section>
</main>
<script src="/page.js"></script>
</body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'",
    },
  });
}

function file(content: string, type: string): Response {
  return new Response(content, { headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" } });
}

async function bundlePage(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "client.tsx")],
    bundle: true,
    minify: true,
    write: false,
    outdir: "/page",
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}

/** Request and answer of one exchange; the trace holds no secret, so neither does this. */
function detail(azure: LocalAzure, number: number): Response {
  const exchange = azure.trace.exchanges(number - 1).find((entry) => entry.number === number);
  return exchange ? Response.json(exchange) : new Response(null, { status: 404 });
}

/** Server-sent events: the kept arrows, then each new one. */
function arrows(azure: LocalAzure): Response {
  const encoder = new TextEncoder();
  let end = (): void => undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (exchange: Exchange): void => {
        const drawn = arrow(exchange);
        if (drawn) controller.enqueue(encoder.encode(`id: ${drawn.number}\ndata: ${JSON.stringify(drawn)}\n\n`));
      };
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      for (const exchange of azure.trace.exchanges()) send(exchange);
      end = azure.trace.subscribe(send);
    },
    cancel: () => end(),
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}
