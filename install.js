"use strict";
/**
 * Every npm command of this project runs this first: it installs what package-lock.json asks for and node_modules lacks, so
 * that a bare clone needs no other command. It runs on the Node that happens to be there, before any package is, so it is
 * plain JavaScript that any Node reads; what comes after it in the command runs on the project's own Node, which it brings.
 *
 * Ends with 0 where all is there, with 1 and one sentence where it could not be brought.
 */
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

/**
 * What node_modules lacks, in a few words; undefined where it has all that the lock file names for this machine.
 * @param lock package-lock.json
 * @param installed npm's own account of what it has laid, which it writes when all is there; undefined where there is none
 * @param isThere whether a package's folder, `node_modules/tsx`, is there
 */
function lacking(lock, installed, isThere) {
  if (!installed) return "nothing is installed, or an installation broke off";
  const wanted = packagesOf(lock);
  const laid = installed.packages || {};
  // A package for another system is in the lock file alone.
  const differs = wanted.filter(
    ([folder, { version, integrity, optional }]) =>
      !(optional && !laid[folder]) &&
      (!laid[folder] || laid[folder].version !== version || laid[folder].integrity !== integrity),
  );
  if (differs.length > 0) return `package-lock.json has changed: ${counted(differs.length)} other than installed`;
  const gone = wanted.filter(([folder]) => laid[folder] && !isThere(folder));
  return gone.length > 0
    ? `${counted(gone.length)} gone from node_modules, such as ${gone[0][0].slice(13)}`
    : undefined;
}

const counted = (count) => (count === 1 ? "1 package is" : `${count} packages are`);

/** The packages of a lock file by their folders; the project itself and its own workspaces are none. */
function packagesOf({ packages = {} }) {
  return Object.entries(packages).filter(([folder, { link }]) => folder.startsWith("node_modules/") && !link);
}

/** How many packages npm lays on a machine: those for other systems it leaves out. */
function countFor(lock, { platform, arch, libc }) {
  const fits = (list, value) =>
    !list || (list.some((one) => one[0] === "!") ? !list.includes(`!${value}`) : list.includes(value));
  return packagesOf(lock).filter(([, one]) => fits(one.os, platform) && fits(one.cpu, arch) && fits(one.libc, libc))
    .length;
}

/** Errors of npm by a part of what it says, with the sentence that helps; the first that fits counts. */
const failures = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENETDOWN|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/,
    "npm does not reach its registry. Connect to the network, or tell npm the way there (npm config set proxy ..., npm config " +
      "set registry ...).",
  ],
  [
    /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT\w*|CERT_\w+)\b/,
    "npm does not trust the certificate that it meets on the way to its registry. Name your organisation's: export " +
      "NODE_EXTRA_CA_CERTS=/path/to/certificates.pem",
  ],
  [/\b(E401|E403|ENEEDAUTH)\b/, "npm's registry refuses whoever asks. Sign in: npm login"],
  [
    /\b(E404|ETARGET)\b/,
    "npm's registry lacks a package of package-lock.json. Which registry it is: npm config get registry",
  ],
  [/\bENOSPC\b/, "The disk is full."],
  [/\b(EACCES|EPERM|EROFS)\b/, "node_modules cannot be written. Whose it is: ls -ld . node_modules"],
  [
    /\bEINTEGRITY\b/,
    "A package is not the one that package-lock.json names. Empty npm's cache: npm cache clean --force",
  ],
  [
    /\b(EUSAGE|lockfile ?version)\b|in sync/i,
    "package-lock.json does not fit package.json, or npm is too old. Bring them together: npm install",
  ],
];

/** Why npm failed, in a sentence; undefined where npm's own words have to do. */
function whyItFailed(said) {
  const found = failures.find(([pattern]) => pattern.test(said));
  return found && found[1];
}

const folder = __dirname;
const inFolder = (one) => path.join(folder, one);
const isThere = (one) => fs.existsSync(inFolder(`${one}/package.json`));
const say = (text) => void process.stderr.write(`${text}\n`);
const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** A file's JSON; undefined where there is none. */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The file that says who installs here. Beside node_modules, because npm empties that. */
const claimFile = inFolder(".installing.json");
/** Milliseconds after which whoever installs says again that it does. */
const beat = 1000;

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** The process that installs here; undefined where none does, or the one that did has ended without a word. */
function installer() {
  try {
    const silence = Date.now() - fs.statSync(claimFile).mtimeMs;
    const { host, pids } = readJson(claimFile) || { host: "", pids: [0] };
    const alive = host === os.hostname() && pids.some(isAlive);
    // Of a process on another machine, or of another container, only its silence tells. A number may be another's by now.
    const patience = alive ? 300 * beat : host === os.hostname() ? 0 : 10 * beat;
    return silence <= patience ? pids[0] : undefined;
  } catch {
    return undefined;
  }
}

const claim = (pids, flag) => fs.writeFileSync(claimFile, JSON.stringify({ host: os.hostname(), pids }), { flag });
const remove = (file) => {
  try {
    fs.unlinkSync(file);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
};

/** Tries to be the one that installs here. Gives whether it is. */
async function claimed() {
  try {
    claim([process.pid], "wx");
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (installer() === undefined) remove(claimFile);
    return false;
  }
  // Another one may have found the same old claim, and removed this one for it.
  await later(100);
  return installer() === process.pid;
}

/** The folder that node_modules is a link to; undefined where it is a folder of its own, or not there. */
function linkedModules() {
  try {
    return fs.lstatSync(inFolder("node_modules")).isSymbolicLink()
      ? fs.readlinkSync(inFolder("node_modules"))
      : undefined;
  } catch {
    return undefined;
  }
}

/** Installs, tells how far it is, and gives the exit code. */
async function install(lock, why) {
  const elsewhere = linkedModules();
  if (elsewhere !== undefined) {
    say(
      `Nothing was started: ${why}, and node_modules is a link to ${elsewhere}. npm would empty that folder for everybody ` +
        "who uses it. Take the link away, then run the command again: rm node_modules",
    );
    return 1;
  }
  const { platform, arch, report } = process;
  const libc = report && report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  const count = countFor(lock, { platform, arch, libc });
  say(`Installing ${count} packages from package-lock.json (npm ci), because ${why}.`);
  const began = Date.now();
  const npm = npmCommand(process.env, process.execPath);
  // The tools to develop with are what runs here, whatever the environment says.
  const args = [...npm.args, "ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=http"];
  // A process group of its own, so that Ctrl-C ends npm with all that it has started.
  const child = spawn(npm.command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
  claim([process.pid, child.pid], "w");
  let ended = "";
  const end = (signal) => {
    ended = signal;
    try {
      // npm may wait for its registry before it heeds anything else. What is half laid is laid anew by the next command.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  for (const signal of Object.keys(exitCodes)) process.on(signal, end);

  let said = "";
  let reached = false;
  const listen = (chunk) => {
    said = (said + chunk).slice(-200000);
    reached = reached || /http fetch GET 2\d\d|http cache/.test(said);
    const failed = /attempt \d+ failed with (\w+)/.exec(said);
    if (failed && !reached) {
      reached = true;
      say(`npm does not reach its registry (${failed[1]}). It tries again, for a minute or two.`);
    }
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const telling = tell(count, () => packagesOf(lock).filter(([one]) => isThere(one)).length);
  const code = await new Promise((done) => {
    child.once("error", (error) => {
      said += error.message;
      done(1);
    });
    child.once("close", done);
  });
  clearInterval(telling);
  for (const signal of Object.keys(exitCodes)) process.removeListener(signal, end);
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  if (ended) {
    say("The installation was stopped. The next command begins it anew.");
    return exitCodes[ended];
  }
  if (code === 0) {
    say(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
    return 0;
  }
  const errors = said.split("\n").filter((line) => /^npm (error|ERR!)/.test(line));
  const sentence = whyItFailed(errors.join("\n") || said);
  if (!sentence) say(errors.slice(0, 20).join("\n") || said.slice(-2000));
  say(`Nothing was started: the packages could not be installed. ${sentence || "What npm said is above."}`);
  return 1;
}

/** Tells on a terminal each second, elsewhere each ten, how many packages are there. */
function tell(count, laid) {
  const terminal = process.stderr.isTTY;
  let beats = 0;
  return setInterval(() => {
    // npm may be the one that removes it: it is in the project's folder.
    if (fs.existsSync(claimFile)) fs.utimesSync(claimFile, new Date(), new Date());
    const line = `  ${Math.min(laid(), count)} of ${count} packages`;
    beats += 1;
    if (terminal) process.stderr.write(`\r${line}`);
    else if (beats % 10 === 0) say(line);
  }, beat);
}

/** The npm that runs this command, so that a machine with several is not met by another; else the one on PATH. */
function npmCommand(environment, node) {
  const { npm_execpath: npm, npm_node_execpath: runsNpm } = environment;
  if (!npm || !/npm-cli\.c?js$/.test(npm)) return { command: "npm", args: [] };
  // The project's own Node goes while npm installs.
  return { command: runsNpm && fs.existsSync(runsNpm) ? runsNpm : node, args: [npm] };
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

async function main() {
  const lock = readJson(inFolder("package-lock.json"));
  if (!lock) {
    say("package-lock.json is not there, or is no JSON. Bring it back: git checkout -- package-lock.json");
    return 1;
  }
  const installed = () => readJson(inFolder("node_modules/.package-lock.json"));
  const why = () => lacking(lock, installed(), isThere);
  let waiting = false;
  for (;;) {
    if (installer() === undefined && why() === undefined) return 0;
    if (await claimed()) {
      try {
        const reason = why();
        return reason === undefined ? 0 : await install(lock, reason);
      } finally {
        remove(claimFile);
      }
    }
    if (!waiting && installer()) say(`Another command installs here (process ${installer()}). Waiting for it.`);
    waiting = true;
    await later(beat / 2);
  }
}

if (require.main === module) {
  main().then(
    (code) => (process.exitCode = code),
    (error) => {
      say(
        `Nothing was started: the packages could not be installed. ${whyItFailed(String(error.code)) || error.message}`,
      );
      process.exitCode = 1;
    },
  );
} else {
  module.exports = { countFor, lacking, npmCommand, whyItFailed };
}
