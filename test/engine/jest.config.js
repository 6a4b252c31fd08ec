const shared = require("../../jest.config");

const { availableParallelism } = require("node:os");

/** The tests on Pulumi's own engine: `npm run test:engine`. One for each core, each with a local Azure of its own. */
module.exports = {
  ...shared,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  maxWorkers: Math.max(2, availableParallelism()),
};
