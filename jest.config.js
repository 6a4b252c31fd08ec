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
  // A loaded machine starts processes slowly; what hangs still fails, only later.
  testTimeout: 30_000,
  // Jest leaves a core free; the longest tests wait more than they compute, so that one of two cores stood still.
  maxWorkers: "100%",
  testEnvironmentOptions: { globalsCleanup: "off" },
};
