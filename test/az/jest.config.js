const shared = require("../../jest.config");

/** Tests with Microsoft's own command line: `npm run test:az`. Each command starts a Python of its own. */
module.exports = {
  ...shared,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/az/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 1_200_000,
  maxWorkers: 2,
};
