import { newSecret } from "../secrets";

/** The orders service as its identity provider knows it: who may ask whether a token is good (RFC 7662). */
export const ordersClient = { clientId: "orders-service", secret: newSecret(30, "hex") } as const;
