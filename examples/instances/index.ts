import { BotSignIn } from "../../infra/bot-sign-in";
import { mailBot } from "../mail-bot";
import { severalInstances } from "./several-instances";

const mail = new BotSignIn("mail", mailBot, { transforms: [severalInstances(3)] });

export const chatAddress = mail.chatAddress;
