declare module "xhr2" {
  import type { Agent } from "node:https";

  class XMLHttpRequest {
    static nodejsSet(options: { httpsAgent: Agent }): void;
  }
  export = XMLHttpRequest;
}
