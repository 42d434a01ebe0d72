import { data, redirect } from "react-router";
import { api, attempt } from "../api.server.ts";
import type { Route } from "./+types/conversation-change.ts";

export const loader = ({ params }: Route.LoaderArgs) => redirect(`/chat/${params.conversationId}`);

/** What a form of the list changes. */
function changesOf(form: FormData) {
  switch (form.get("intent")) {
    case "pin":
      return { pinned: form.get("pinned") === "true" };
    case "archive":
      return { archived: form.get("archived") === "true" };
    case "file":
      return { folder: textOf(form, "folder").trim() || null, tags: tagsOf(textOf(form, "tags")) };
    case "instruct":
      return { system_prompt: textOf(form, "system_prompt").trim() || null };
    default:
      return { title: textOf(form, "title") };
  }
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? "");

/** Tags as people write them: separated by commas, each once, with or without “#”. */
const tagsOf = (text: string) => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim().replace(/^#+/, ""))
      .filter(Boolean),
  ),
];

/** Renames, pins, files, archives or deletes a conversation, for the small forms of the list. */
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
  const changed = await attempt(conversation.$put({ param, json: changesOf(form) }));
  if (!changed.ok) return data({ problem: changed.problem }, { status: changed.problem.status });
  return data({ problem: null });
}
