import { data, redirect } from "react-router";
import { api, attempt } from "../api.server.ts";
import type { Route } from "./+types/conversation-change.ts";

export const loader = ({ params }: Route.LoaderArgs) => redirect(`/chat/${params.conversationId}`);

/** Renames, pins or deletes a conversation, for the small forms of the list. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const form = await request.formData();
  const conversation = api({ request, context }).api.v1.conversations[":id"];
  const param = { id: params.conversationId };
  if (form.get("intent") === "delete") {
    const deleted = await attempt(conversation.$delete({ param }));
    if (!deleted.ok) return data({ problem: deleted.problem }, { status: deleted.problem.status });
    // Whoever looks at the conversation that is gone is led away from it.
    return form.get("open") === "true" ? redirect("/chat") : data({ problem: null });
  }
  const json =
    form.get("intent") === "pin"
      ? { pinned: form.get("pinned") === "true" }
      : { title: String(form.get("title") ?? "") };
  const changed = await attempt(conversation.$put({ param, json }));
  if (!changed.ok) return data({ problem: changed.problem }, { status: changed.problem.status });
  return data({ problem: null });
}
