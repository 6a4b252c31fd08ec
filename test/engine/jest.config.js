const shared = require("../../jest.config");

const { availableParallelism } = require("node:os");

/** Kills and faults at every write last as long as all else together, so they are a set of their own: each ignores the other's. */
const others =
  process.env.ENGINE_TESTS === "kills" ? "(?<!-kills|/faults)\\.test\\.ts$" : "(-kills|/faults)\\.test\\.ts$";

/** One set of the tests on Pulumi's own engine: `npm run test:engine`. A file for each core, each with a local Azure. */
module.exports = {
  ...shared,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", others],
  // The longest test takes a third of it on a quiet machine; on a loaded one all take ten times as long.
  testTimeout: 1_800_000,
  testSequencer: "<rootDir>/test/engine/longest-first.js",
  maxWorkers: Math.max(2, availableParallelism()),
};
