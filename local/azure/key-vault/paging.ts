/** A page of a list. The next one's address names the port, too. recorded: azure-cli test_keyvault_secret */
export function page(url: URL, all: readonly unknown[]): Response {
  const asked = url.searchParams.get("maxresults");
  const size = Math.min(25, Math.max(1, Number(asked ?? 25)));
  const token = Buffer.from(url.searchParams.get("$skiptoken") ?? "", "base64url").toString();
  const start = Number(token || 0);
  const end = start + size;
  const query = [
    `api-version=${url.searchParams.get("api-version")}`,
    `$skiptoken=${Buffer.from(String(end)).toString("base64url")}`,
    ...(asked === null ? [] : [`maxresults=${asked}`]),
  ];
  const next = `https://${url.hostname}:443${url.pathname}?${query.join("&")}`;
  return Response.json({ value: all.slice(start, end), nextLink: end < all.length ? next : null });
}
