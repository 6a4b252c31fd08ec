import { type Check, refuse } from "../arrival";

/** Channels send JSON and nothing else. */
export const contentType: Check = {
  name: "content type",
  run({ headers }) {
    const [type = ""] = (headers["content-type"] ?? "").split(";");
    if (type.trim().toLowerCase() !== "application/json") throw refuse(415, "Send application/json.");
  },
};
