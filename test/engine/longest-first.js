/** What lasts longest, by docs/engine-tests.md: begun last it would keep one core busy while the others have nothing left. */
const longest = [
  "preview-kills",
  "recover-kills",
  "rotate-kills",
  "rotate",
  "preview-many",
  "faults",
  "preview-workflow",
  "existing",
  "two-components",
  "preview-up",
  "drift",
];

/** The order of the engine tests' files for jest, which by itself knows only those that this machine has run before. */
module.exports = class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => [...longest, ""].findIndex((name) => name === "" || path.endsWith(`/${name}.test.ts`));
    return [...tests].sort((one, other) => rank(one) - rank(other) || one.path.localeCompare(other.path));
  }

  cacheResults() {}
};
