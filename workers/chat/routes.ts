import { createRouter } from "../workspaces/router.ts";
import { conversationRoutes } from "./conversations/conversation-routes.ts";
import { libraryRoutes } from "./conversations/library-routes.ts";
import { socketRoutes } from "./events/socket-routes.ts";
import { shareRoutes } from "./share-routes.ts";
import { takeoutRoutes } from "./takeout/takeout-routes.ts";
import { turnRoutes } from "./turn/turn-routes.ts";

// These two come first: their fixed addresses would pass for a conversation's id.
export const chatRoutes = createRouter()
  .route("/", libraryRoutes)
  .route("/", takeoutRoutes)
  .route("/", shareRoutes)
  .route("/", conversationRoutes)
  .route("/", turnRoutes)
  .route("/", socketRoutes);
