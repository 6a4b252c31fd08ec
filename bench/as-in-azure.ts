import type { Latencies } from "../local/door/dispatch";
import { latencyOf } from "../ops/graph/latencies";

/** Every call of whoever deploys takes as long as in Azure. What a service or the bot asks of another is part of that. */
export const asInAzure: Latencies = ({ method, url }, caller) =>
  caller === "deployer" ? (latencyOf({ method, url })?.milliseconds ?? 0) : 0;
