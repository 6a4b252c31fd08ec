import { type Check, refuse } from "../arrival";

/** A request without a token ends here: nothing of it is read, no key is fetched for it. */
export const bearer: Check = {
  name: "bearer present",
  run(arrival) {
    const match = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(arrival.headers.authorization ?? "");
    if (!match) throw refuse(401, "A bearer token of the Bot Framework is needed.");
    arrival.bearer = match[1];
  },
};
