/**
 * Loaded into the program's process of `local/embedded`, which keeps no state: writes into the file `RECORDED_STATE` what each
 * resource was made with and what its provider answered, as Pulumi's engine keeps it, secrets as ciphertext. Node loads this before
 * ts-node is there: it holds nothing but erasable types, and requires the sources later.
 */
process.once("message", () => {
  /* eslint-disable @typescript-eslint/no-require-imports -- only now does ts-node read the sources */
  const { writeFileSync } = require("node:fs") as typeof import("node:fs");
  const { isObject, isSecret } =
    require("../../infra/provider/envelope") as typeof import("../../infra/provider/envelope");
  const { CreatingMonitor } = require("../../local/embedded/monitor") as typeof import("../../local/embedded/monitor");
  /* eslint-enable @typescript-eslint/no-require-imports */

  const signature = "4dabf18193072939515e22adb298388d";
  const kept = (value: unknown): unknown => {
    if (isSecret(value)) return { [signature]: value[signature], ciphertext: "v1:hidden" };
    if (Array.isArray(value)) return value.map(kept);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, kept(entry)]));
  };
  const resources: object[] = [];
  const { registerResource } = CreatingMonitor.prototype;
  CreatingMonitor.prototype.registerResource = function (request, callback) {
    registerResource.call(this, request, (error, response) => {
      if (response && request.getCustom()) {
        resources.push({
          urn: response.getUrn(),
          type: request.getType(),
          custom: true,
          id: response.getId(),
          inputs: kept(request.getObject()?.toJavaScript()),
          outputs: kept(response.getObject()?.toJavaScript()),
        });
      }
      callback(error, response);
    });
  };
  const state = { version: 3, deployment: { resources } };
  process.once("exit", () => writeFileSync(process.env.RECORDED_STATE!, JSON.stringify(state)));
});
