import { isSameOrigin } from "../../../bot/chat-page/same-origin";

const host = "bot-abc.azurewebsites.net";

const cases: [string, Record<string, string>, boolean][] = [
  ["the page itself", { origin: `https://${host}`, "sec-fetch-site": "same-origin" }, true],
  ["an older browser's page", { origin: `https://${host}` }, true],
  ["a browser that leaves Origin out", { "sec-fetch-site": "same-origin" }, true],
  ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
  ["another site in an older browser", { origin: "https://evil.example" }, false],
  [
    "a neighbour below azurewebsites.net",
    { origin: "https://evil.azurewebsites.net", "sec-fetch-site": "cross-site" },
    false,
  ],
  ["a sandboxed frame", { origin: "null" }, false],
  ["the same host without https", { origin: `http://${host}` }, false],
  ["an address typed by hand", { "sec-fetch-site": "none" }, false],
  ["no browser at all", {}, false],
];

test.each(cases)("%s", (_, headers, allowed) => {
  expect(isSameOrigin({ host, ...headers })).toBe(allowed);
});
