import { execFile } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";

/**
 * The addresses on which a process group listens and that other machines reach, as `0.0.0.0:9229`. `loopback.cjs` leaves
 * none, but a debugger (`--inspect=0.0.0.0`), a program that is no Node.js, or a start command that sets NODE_OPTIONS
 * itself gets past it.
 * @param group number of the process group
 */
export async function exposedListeners(group: number): Promise<string[]> {
  return process.platform === "linux" ? fromProc(group) : fromLsof(group);
}

const listening = "0A";

/**
 * Read at one go, because the files are made in memory and reading hundreds of them apart takes ten times as long.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
function fromProc(group: number): string[] {
  const byInode = new Map<string, string>();
  for (const [file, six] of [
    ["/proc/net/tcp", false],
    ["/proc/net/tcp6", true],
  ] as const) {
    for (const line of textOf(file).split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [address = "", port = ""] = (fields[1] ?? "").split(":");
      if (fields[3] !== listening || isLoopback(address)) continue;
      byInode.set(fields[9] ?? "", `${six ? "[::]" : "0.0.0.0"}:${Number.parseInt(port, 16)}`);
    }
  }
  // Mostly there are none, and then nobody has to look at the machine's processes.
  if (byInode.size === 0) return [];
  const sockets = membersOf(group).flatMap(socketsOf);
  return [...new Set(sockets.flatMap((inode) => byInode.get(inode) ?? []))].toSorted();
}

/** Addresses are written as 32-bit words of the machine's byte order; 127.0.0.1, ::1 and ::ffff:127.0.0.1 stay here. */
function isLoopback(hex: string): boolean {
  return /^[0-9A-F]{6}7F$|^0{24}01000000$|^0{16}FFFF0000[0-9A-F]{6}7F$/.test(hex);
}

function membersOf(group: number): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const stat = textOf(`/proc/${pid}/stat`);
    // After the name, which is in brackets and may hold anything: state, parent, group, session.
    const [, , own, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(own) === group || Number(session) === group;
  });
}

function socketsOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  const files = orElse(() => readdirSync(folder), []);
  return files.flatMap(
    (file) => /^socket:\[(\d+)\]$/.exec(orElse(() => readlinkSync(`${folder}/${file}`), ""))?.[1] ?? [],
  );
}

const textOf = (file: string): string => orElse(() => readFileSync(file, "utf8"), "");

/** What is read, or something else where the process has ended meanwhile or is another user's. */
function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

async function fromLsof(group: number): Promise<string[]> {
  const args = ["-a", "-g", String(group), "-iTCP", "-sTCP:LISTEN", "-n", "-P", "-Fn"];
  // It exits with 1 where it finds nothing.
  const { stdout } = await promisify(execFile)("lsof", args).catch(() => ({ stdout: "" }));
  const names = stdout.split("\n").filter((line) => line.startsWith("n"));
  return [...new Set(names.map((line) => line.slice(1)))]
    .filter((address) => !/^(127\.|\[::1\])/.test(address))
    .toSorted();
}
