import { createRouter } from "../workspaces/http.ts";
import { conversationRoutes } from "./conversation-routes.ts";
import { messageRoutes } from "./message-routes.ts";

export const chatRoutes = createRouter().route("/", conversationRoutes).route("/", messageRoutes);
