"use strict";
// Loaded before the code of a bot that has no health page of its own (`node -r ./health.cjs <file>`): answers one, which
// reports what was deployed, on whichever server the bot opens. Everything else of the bot is left as it is.
const { readFileSync } = require("node:fs");
const http = require("node:http");
const { join } = require("node:path");

const route = "/healthz";

// A reference that App Service has not resolved would serve as a password. It reads references again and starts anew.
const unresolved = Object.keys(process.env).filter((name) => process.env[name].startsWith("@Microsoft.KeyVault("));
if (unresolved.length > 0) {
  const names = unresolved.filter((name) => !name.startsWith("APPSETTING_"));
  console.error(`These settings are references to the vault that were not resolved: ${names.join(", ")}`);
  process.exit(1);
}

const build = JSON.parse(readFileSync(join(__dirname, "build.json"), "utf8"));
// Said as far as it is known: the bot runs and its server answers. What it needs besides, nobody asks it.
const page = JSON.stringify({ status: "well", build, checks: [{ name: "settings", ok: true }], connections: [] });

const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (event, request, response, ...others) {
  const asks = event === "request" && (request.method === "GET" || request.method === "HEAD");
  if (!asks || request.url.split("?")[0] !== route) return emit.call(this, event, request, response, ...others);
  request.resume();
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(page),
    "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : page);
  return true;
};
