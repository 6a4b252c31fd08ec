/** Every rule about a single resource, with what it promises. */
export const ruleNames = {
  "listed-types": "A set-up has resources of the listed types only, and nothing of another type reaches into it.",
  "listed-fields": "Only the listed fields of a resource are set.",
  "listed-values": "Fields have the listed values.",
  "own-addresses": "Messages, secrets, state and logs go to what belongs to the set-up.",
  "own-code": "The web app runs the pushed code, the way it is pushed, and nothing else.",
  "secrets-by-reference": "Secrets reach the web app as Key Vault references, never as values, and stand nowhere else.",
  "connections-known": "Every OAuth connection is one of the bot's own settings, as they describe it.",
  "https-and-tls": "Nothing is served without TLS 1.2 or newer, and nothing by FTP.",
  "no-basic-auth": "Neither publishing passwords nor storage keys nor anonymous readers open anything.",
  "single-tenant": "Bot and applications belong to one tenant.",
  "redirect-addresses": "Users come back from their sign-in to the Token Service of the bot's residency only.",
  "enhanced-authentication": "Direct Line is open to the bot's own page only, with enhanced authentication.",
  "vault-roles-and-soft-delete": "Roles, not access policies, open the vault, and a deleted one can be had back.",
  "secrets-end": "Every secret has an end, at most the configured number of days away.",
  "least-rights": "Roles, permissions and owners are those that the bot needs.",
  "logs-kept": "Logs are kept as long as the environment asks for, and hold nothing of users.",
  marks: "Everything says to which project and stack it belongs; connections say nothing.",
  "prod-protected": "In prod nothing that users would lose can be deleted or replaced by mistake.",
} as const;

export type RuleName = keyof typeof ruleNames;
