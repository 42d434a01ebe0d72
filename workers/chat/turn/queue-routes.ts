import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { describe } from "../../platform/http/http.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { waitingQuestions } from "../contract.ts";
import type { WaitingQuestion } from "../conversation-object.ts";
import { conversationObject, getConversation } from "../conversations/get-conversation.ts";

const tags = ["Messages"];

const presentWaiting = ({ turnId, questionId, messageId, content, createdAt }: WaitingQuestion) => ({
  turn_id: turnId,
  user_message_id: questionId,
  message_id: messageId,
  content,
  created_at: iso(createdAt),
});

export const queueRoutes = createRouter()
  .get(
    "/conversations/:id/queue",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "The questions that wait for the running answer’s end, in their order",
      tags,
      responses: { 200: waitingQuestions },
    }),
    async (c) => {
      const { id } = await getConversation(c.var.ctx, c.req.param("id"));
      const waiting = await conversationObject(c.var.ctx, id).waiting();
      return c.json({ data: waiting.map(presentWaiting), next_cursor: null }, 200);
    },
  )
  .delete(
    "/conversations/:id/queue/:turn_id",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Take back a question that waits",
      tags,
      responses: { 204: "It will not be asked; its stream ends with finish_reason “stopped”." },
    }),
    async (c) => {
      const { id } = await getConversation(c.var.ctx, c.req.param("id"));
      if (!(await conversationObject(c.var.ctx, id).withdraw(c.req.param("turn_id"))))
        throw notFound("waiting question");
      await recordAudit(c.var.ctx, {
        action: "message.withdrawn",
        resource: { kind: "conversation", id },
        details: { turn_id: c.req.param("turn_id") },
      });
      return c.body(null, 204);
    },
  );
