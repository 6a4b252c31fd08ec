/**
 * Every command imports this first. It ends the process with a fix where Node is too old: the local Azure and the
 * bot's proxy variables need Node 24 (`NODE_USE_ENV_PROXY`), which install.js brings into the project.
 */
const needed = 24;

if (Number(process.versions.node.split(".")[0]) < needed) {
  process.stderr.write(
    `This needs Node ${needed} or newer; it runs on ${process.versions.node}.\n` +
      `npm puts Node ${needed} into node_modules/.bin, where npm's commands find it. Its install script was probably\n` +
      `blocked. Fix: npm rebuild node --ignore-scripts=false, then the same command again.\n`,
  );
  process.exit(1);
}

export {};
