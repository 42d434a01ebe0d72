import { createRouter } from "../workspaces/http.ts";
import { conversationRoutes } from "./conversation-routes.ts";
import { libraryRoutes } from "./library-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { queueRoutes } from "./queue-routes.ts";
import { shareRoutes } from "./share-routes.ts";
import { socketRoutes } from "./socket-routes.ts";

// The library comes first: its fixed addresses would pass for a conversation's id.
export const chatRoutes = createRouter()
  .route("/", libraryRoutes)
  .route("/", shareRoutes)
  .route("/", conversationRoutes)
  .route("/", messageRoutes)
  .route("/", queueRoutes)
  .route("/", socketRoutes);
