import * as path from "node:path";
import { webChatFile } from "./web-chat";

/** Gets Web Chat's file ahead of time, after an install, so that the first start needs no network. Never fails an install. */
async function main(): Promise<void> {
  try {
    await webChatFile(path.resolve(__dirname, "../.."));
  } catch (error) {
    console.log(`Note: Web Chat is not here yet and will be fetched at the first start. ${(error as Error).message}`);
  }
}

void main();
