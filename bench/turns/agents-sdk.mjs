// The SDK's own host, as in Microsoft's samples: express, authorizeJWT, CloudAdapter. The turn is that of send-mail.mjs.
import { AgentState, authorizeJWT, CloudAdapter, loadAuthConfigFromEnv } from "@microsoft/agents-hosting";
import express from "express";
import { sendMail, storage } from "./send-mail.mjs";

const config = loadAuthConfigFromEnv();
const adapter = new CloudAdapter(config);
const state = new AgentState(storage(), async ({ activity }) => `${activity.channelId}/${activity.conversation.id}`);
const sent = state.createProperty("sent");

const app = express();
app.use(authorizeJWT(config));
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
        return (await client.getUserToken(connection, channelId, from.id)).token;
      },
      say: (text) => context.sendActivity(text),
    }),
  ),
);
app.listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
