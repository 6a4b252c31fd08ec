import { z } from "zod";
import { envelope, providerError } from "../../../local/azure/arm";
import type { ResourceType } from "../../../local/azure/arm/resource-type";

const dataLocations = ["Europe", "United States"];

/** https://learn.microsoft.com/rest/api/communication/resourcemanager/communication-services/create-or-update */
export const communicationServices: ResourceType = {
  type: "Microsoft.Communication/communicationServices",
  apiVersions: ["2023-04-01"],
  name: { pattern: /^[a-z0-9-]{1,63}$/i },
  body: z.strictObject({
    location: z.literal("global"),
    tags: z.record(z.string(), z.string()).nullish(),
    properties: z.strictObject({ dataLocation: z.string() }),
  }),
  immutable: ["properties.dataLocation"],
  asynchronous: { put: 2_000, style: "azure-async-operation" },
  write: (_context, service) => {
    if (!dataLocations.includes(String(service.properties["dataLocation"]))) {
      throw providerError(400, "BadRequest", `The data location is none of ${dataLocations.join(", ")}.`);
    }
    service.properties["hostName"] = `${service.name}.communication.azure.com`;
    service.properties["provisioningState"] = "Succeeded";
  },
  show: (service) => envelope(service),
  actions: { listKeys: (_context, service) => ({ primaryConnectionString: `endpoint=https://${service.name}` }) },
};
