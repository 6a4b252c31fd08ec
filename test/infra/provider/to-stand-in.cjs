// What a plugin asks of ARM goes to the stand-in that the environment names.
const { fetch } = globalThis;
globalThis.fetch = (input, init) =>
  fetch(String(input).replace("https://management.azure.com", process.env.STAND_IN), init);
