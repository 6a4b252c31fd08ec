import * as path from "node:path";
import { type Npm, webChatFile } from "./web-chat";

/**
 * Gets Web Chat's file ahead of time, after an install, so that the first start needs no network. Never fails, because an
 * install must not: what is missing is fetched at the first start, or named there.
 */
export async function fetchWebChat(root: string, say: (line: string) => void, npm?: Npm): Promise<void> {
  try {
    await webChatFile(root, npm);
  } catch (error) {
    say(`Note: Web Chat is not here yet and will be fetched at the first start. ${(error as Error).message}`);
  }
}

if (require.main === module) void fetchWebChat(path.resolve(__dirname, "../.."), console.log);
