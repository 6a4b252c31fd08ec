"use strict";
// Preloaded into every host that is measured: takes its calls of Azure to the stand-in, and says what its process used.
const tls = process.getBuiltinModule("node:tls");

const port = Number(process.env.STAND_IN_PORT);
const { connect } = tls;
tls.connect = (options, ...rest) =>
  connect({ ...options, host: "127.0.0.1", port, servername: options.servername || options.host }, ...rest);

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: (user + system) / 1000, rss: process.memoryUsage().rss });
});
process.channel?.unref();
