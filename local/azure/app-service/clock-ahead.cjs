"use strict";
// Loaded into an app's process before its own code once the local Azure's clock was moved: its Date agrees with it.
const machine = Date;
const ahead = Number(process.env.CLOCK_AHEAD_MILLISECONDS ?? 0);
const now = () => machine.now() + ahead;

globalThis.Date = new Proxy(machine, {
  construct: (target, given, made) => Reflect.construct(target, given.length ? given : [now()], made),
  apply: () => new Date().toString(),
  get: (target, name) => (name === "now" ? now : target[name]),
});
