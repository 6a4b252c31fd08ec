import { day, hour, minute } from "../../contract/time";
import { OpsError } from "../cli/ops-error";

const units: Readonly<Record<string, number>> = { m: minute, h: hour, d: day };
const longest = 30 * day;

/** `72h`: how long a preview lives where nobody says otherwise. */
export const defaultTtl = "72h";

/** A time to live in milliseconds, from `30m`, `72h` or `3d`. Throws an {@link OpsError} `wrong-option` for anything else. */
export function readTtl(typed: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(typed) ?? [];
  const time = Number(count) * (units[unit] ?? 0);
  if (time > 0 && time <= longest) return time;
  const fix = "Give minutes, hours or days, at most 30 days: --ttl 30m, --ttl 72h, --ttl 3d.";
  throw new OpsError("wrong-option", `--ttl ${JSON.stringify(typed)} is no time to live`, fix);
}

/** A span of time as people read it, in its two largest units: `2 d 4 h`, `35 min`. Never negative. */
export function spanText(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${minutes} min`;
}
