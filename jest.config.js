const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // Pulumi's own engine and Microsoft's az take minutes: `npm run test:engine`, `npm run test:az`.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/engine/", "<rootDir>/test/az/"],
  transform: {
    "^.+\\.[mc]?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // These ship ES modules only, which jest does not load untransformed.
  transformIgnorePatterns: [
    "/node_modules/(?!(jose|oidc-provider|chokidar|readdirp|https-proxy-agent|http-proxy-agent|agent-base|proxy-agent-negotiate)/)",
  ],
  // A loaded machine deploys and starts processes slowly; what hangs still fails, only later.
  testTimeout: 120_000,
  // The longest tests wait more than they compute: with a worker a core, half of the processor stood still.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testEnvironmentOptions: { globalsCleanup: "off" },
};
