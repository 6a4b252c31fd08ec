"use strict";
// Loaded into an app's process before its own code. In Azure nobody but the front end reaches an app's port, whatever
// address it listens on; on a laptop everybody in the same network would. Children inherit it with NODE_OPTIONS.
const dgram = require("node:dgram");
const net = require("node:net");

const ours = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;
/** The host asked for where it is of this machine alone, else the loopback address of its family. */
const onLoopback = (host, six) => (typeof host === "string" && ours.test(host) ? host : six ? "::1" : "127.0.0.1");
const isPath = (value) => typeof value === "string" && !(Number(value) >= 0);
const isOptions = (value) => typeof value === "object" && value !== null;

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...given) {
  const [first, second, ...rest] = given;
  if (isOptions(first)) {
    const elsewhere = !("port" in first) && (first.path !== undefined || first.fd !== undefined);
    if (elsewhere || first._handle || first.handle) return listen.apply(this, given);
    return listen.call(this, { ...first, host: onLoopback(first.host, first.ipv6Only) }, ...given.slice(1));
  }
  if (isPath(first)) return listen.apply(this, given);
  if (given.length === 0 || typeof first === "function") return listen.call(this, 0, onLoopback(), ...given);
  if (typeof second === "string") return listen.call(this, first, onLoopback(second), ...rest);
  return listen.call(this, first, onLoopback(), ...given.slice(1));
};

const { bind } = dgram.Socket.prototype;
dgram.Socket.prototype.bind = function (...given) {
  const [first, second, ...rest] = given;
  const six = this.type === "udp6";
  if (isOptions(first)) {
    if (first.fd !== undefined || typeof first.recvStart === "function") return bind.apply(this, given);
    return bind.call(this, { ...first, address: onLoopback(first.address, six) }, ...given.slice(1));
  }
  if (typeof first === "function") return bind.call(this, 0, onLoopback(undefined, six), ...given);
  if (typeof second === "string") return bind.call(this, first, onLoopback(second, six), ...rest);
  return bind.call(this, first, onLoopback(undefined, six), ...given.slice(1));
};
