import { apiVersionsOf } from "../arm/api-versions";
import type { ResourceType } from "../arm/resource-type";
import { methodNotAllowed } from "./errors";

/** Statuses of pushes, which the SCM host writes and ARM only shows. */
export const deploymentStatus: ResourceType = {
  type: "Microsoft.Web/sites/deploymentStatus",
  apiVersions: apiVersionsOf("Microsoft.Web"),
  level: "parent",
  methods: [],
  write() {
    throw methodNotAllowed("The status of a deployment is only read.");
  },
};
