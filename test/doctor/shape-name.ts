export type ShapeName =
  | "mail"
  | "europe"
  | "india"
  | "managed"
  | "teams"
  | "three-services"
  | "no-chat-page"
  | "handed-in"
  | "own-bot"
  | "by-hand";
