/** The page's token; taken out of the document, where the chat's page in the frame could read it. */
const token = ((): string => {
  const place = document.querySelector<HTMLMetaElement>('meta[name="page-token"]');
  place?.remove();
  return place?.content ?? "";
})();

/** Asks the local Azure for what it gives this page alone. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(path, { ...init, headers: { ...init.headers, "page-token": token } });
}

/** The address of what a link or a stream of events asks for, which cannot set a header. */
export const ownAddress = (path: string): string => `${path}?token=${encodeURIComponent(token)}`;

/**
 * Loads the page again once the local Azure answers: one that was started anew does not know this page's token.
 */
export async function loadAnew(): Promise<void> {
  while (!(await fetch("/icon.svg", { cache: "no-store" }).catch(() => undefined))?.ok) {
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  location.reload();
}
