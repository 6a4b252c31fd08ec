/** A page of App Service's front end, shown where no app answers. */
function page(status: number, title: string, text: string): Response {
  const html =
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
    `<style>body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:40rem;padding:0 1rem}</style></head>` +
    `<body><h1>${title}</h1><p>${text}</p></body></html>`;
  return new Response(html, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

/** Before the first push. */
export const waitingPage = (): Response =>
  page(200, "Your web app is running and waiting for your content", "No code has been deployed to it yet.");

/** The app is not ready yet, and the request has waited for it as long as it may. */
export const startingPage = (): Response =>
  page(503, "Service Unavailable", "The app is starting and does not answer yet. Its log says how far it is.");

/** The app does not start, or ended. */
export const applicationErrorPage = (): Response =>
  page(503, "Application Error", "The app did not start. Its log says why.");

/** The site was stopped at ARM. */
export const stoppedPage = (): Response =>
  page(403, "Error 403 - This web app is stopped.", "The web app you have attempted to reach is currently stopped.");

/** publicNetworkAccess is Disabled. */
export const forbiddenPage = (): Response =>
  page(403, "Error 403 - Forbidden", "The web app you have attempted to reach has blocked your access.");

/** No access rule of the site fits the caller. https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions */
export const ipForbiddenPage = (): Response =>
  page(403, "Error 403 - Forbidden", "The web app you have attempted to reach has blocked your access. (Ip Forbidden)");

/** As a public report shows it: https://shahzadblog.com/tag/certificates/ */
export const certificateRequiredPage = (): Response =>
  page(403, "Error 403 - Forbidden: Client Certificate Required", "The web app asks its callers for a certificate.");

/**
 * App Service's own sign-in: a browser is sent to the sign-in page where the site says so, everybody else is refused.
 * https://github.com/microsoft/botframework-sdk/issues/5681 shows what a bot's channel meets then.
 * https://learn.microsoft.com/azure/app-service/overview-authentication-authorization#authorization-behavior
 */
export function signInRequired(action: string, request: Request): Response {
  const { pathname } = new URL(request.url);
  const isBrowser = request.method === "GET" && /^Mozilla\//.test(request.headers.get("user-agent") ?? "");
  if (action === "RedirectToLoginPage" && isBrowser) {
    const location = `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(pathname)}`;
    return new Response(null, { status: 302, headers: { location } });
  }
  return new Response("You do not have permission to view this directory or page.", {
    status: action === "Return403" ? 403 : 401,
    headers: { "content-type": "text/html" },
  });
}

/** No site has this host name. */
export const notFoundPage = (): Response =>
  page(404, "404 Web Site not found.", "No site of this name exists in this Azure.");

/** The front end waits 230 seconds for an answer: https://learn.microsoft.com/troubleshoot/azure/app-service/web-apps-performance-faqs */
export const timeoutPage = (): Response =>
  page(504, "504 Gateway Timeout", "The app did not answer within 230 seconds.");

/** The app took the request and closed the connection. */
export const badGatewayPage = (): Response =>
  page(502, "502 Bad Gateway", "The app ended the connection before it had answered.");
