import type { KnownFault } from "../../../local/door/known-faults";

/** https://learn.microsoft.com/azure/key-vault/general/overview-throttling */
export const vaultBusy: KnownFault = {
  name: "vault-429",
  title: "Key Vault throttles one reading of a secret",
  effect: "The bot starts a moment later: who reads a secret waits and asks again.",
  fault: {
    kind: "refusal",
    service: "Key Vault",
    path: "/secrets/",
    status: 429,
    code: "Throttled",
    message: "Request was not processed because too many requests were received.",
    once: true,
  },
};
