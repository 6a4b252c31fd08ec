import { BotSignIn } from "../../infra/bot-sign-in";
import { appNetwork } from "../app-network";
import { mailBot } from "../mail-bot";
import { inSubnet } from "./in-subnet";

const { appsSubnetId } = appNetwork("westeurope");
const mail = new BotSignIn("mail", mailBot, { transforms: [inSubnet(appsSubnetId)] });

export const chatAddress = mail.chatAddress;
