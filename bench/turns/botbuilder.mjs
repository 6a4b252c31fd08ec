// The Bot Framework SDK's host: express, CloudAdapter, its own check of tokens. The turn is that of send-mail.mjs.
import botbuilder from "botbuilder";
import express from "express";
import { sendMail, storage } from "./send-mail.mjs";

const { CloudAdapter, ConfigurationBotFrameworkAuthentication, ConversationState } = botbuilder;
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(process.env));
const state = new ConversationState(storage());
const sent = state.createProperty("sent");

const app = express();
app.use(express.json());
app.post("/api/messages", (request, response) =>
  adapter.process(request, response, (context) =>
    sendMail({
      text: context.activity.text,
      id: context.activity.id,
      remember: async (what) => {
        await state.load(context, true);
        await sent.set(context, what);
        await state.saveChanges(context);
      },
      token: async (connection) => {
        const { channelId, from } = context.activity;
        const client = context.turnState.get(adapter.UserTokenClientKey);
        return (await client.getUserToken(from.id, connection, channelId)).token;
      },
      say: (text) => context.sendActivity(text),
    }),
  ),
);
app.listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
