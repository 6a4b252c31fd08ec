export type ShapeName =
  | "mail"
  | "europe"
  | "india"
  | "managed"
  | "certificate"
  | "teams"
  | "three-services"
  | "no-chat-page"
  | "handed-in"
  | "own-bot"
  | "by-hand";
