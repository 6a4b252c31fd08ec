const shared = require("../../jest.config");

/** The tests on Pulumi's own engine: `npm run test:engine`. Two at a time, each with a local Azure of its own. */
module.exports = {
  ...shared,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/engine/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  maxWorkers: 2,
};
