import { createHmac, timingSafeEqual } from "node:crypto";

/** Headers whose values are signed, in their order. `x-ms-date` stands in for `date`. */
const signed = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/**
 * Whether a request carries `Authorization: SharedKey <account>:<signature>` made with one of an account's keys.
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 * @param keys the account's keys, base64
 */
export async function isSignedBy(request: Request, accountName: string, keys: readonly string[]): Promise<boolean> {
  const [, name, signature = ""] =
    /^SharedKey ([a-z0-9]+):([A-Za-z0-9+/=]+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  if (name !== accountName) return false;
  const text = await stringToSign(request, accountName);
  const given = Buffer.from(signature, "base64");
  return keys.some((key) => {
    const wanted = createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest();
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
}

async function stringToSign(request: Request, accountName: string): Promise<string> {
  const { headers } = request;
  const valueOf = (name: string): string => headers.get(name) ?? "";
  const values = await Promise.all(
    signed.map(async (name) => {
      if (name === "content-length") return lengthOf(request);
      return name === "date" && headers.has("x-ms-date") ? "" : valueOf(name);
    }),
  );
  const own = [...headers.keys()]
    .filter((name) => name.startsWith("x-ms-"))
    .sort()
    .map((name) => `${name}:${valueOf(name).replace(/\s+/g, " ").trim()}\n`);
  return `${[request.method, ...values].join("\n")}\n${own.join("")}${resourceOf(new URL(request.url), accountName)}`;
}

/** The body's length, empty for none: what a client left to its HTTP library is not among the headers. */
async function lengthOf(request: Request): Promise<string> {
  const said = request.headers.get("content-length");
  const length = said ?? String((await request.clone().arrayBuffer()).byteLength);
  return length === "0" ? "" : length;
}

function resourceOf({ pathname, searchParams }: URL, accountName: string): string {
  const names = [...new Set(searchParams.keys())].sort((one, other) =>
    one.toLowerCase() < other.toLowerCase() ? -1 : 1,
  );
  const query = names.map((name) => `\n${name.toLowerCase()}:${searchParams.getAll(name).sort().join(",")}`);
  return `/${accountName}${pathname}${query.join("")}`;
}
