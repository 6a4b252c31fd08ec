// Preloaded into the bot's process by bench/memory.ts: says on SIGUSR2 how much is left on the heap after collections.
process.on("SIGUSR2", () => {
  for (let times = 0; times < 4; times++) globalThis.gc();
  console.log(`heap ${process.memoryUsage().heapUsed}`);
});
