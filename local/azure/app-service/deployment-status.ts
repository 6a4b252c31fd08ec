import type { ResourceType } from "../arm/resource-type";
import { methodNotAllowed } from "./errors";
import { apiVersions } from "./web-namespace";

/** Statuses of pushes, which the SCM host writes and ARM only shows. */
export const deploymentStatus: ResourceType = {
  type: "Microsoft.Web/sites/deploymentStatus",
  apiVersions,
  level: "parent",
  methods: [],
  write() {
    throw methodNotAllowed("The status of a deployment is only read.");
  },
};
