/** Milliseconds of a second, a minute, an hour, a day. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
