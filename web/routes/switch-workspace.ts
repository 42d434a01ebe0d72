import { redirect } from "react-router";
import { api, attempt, redirectWithCookies } from "../api.server.ts";
import type { Route } from "./+types/switch-workspace.ts";

export const loader = () => redirect("/clones");

/** Shows another workspace. One that cannot be shown (any more) changes nothing. */
export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData();
  const json = { workspace_id: String(form.get("workspace") ?? "") };
  const chosen = await attempt(api({ request, context }).api.v1.me.workspace.$put({ json }));
  return chosen.ok ? redirectWithCookies("/clones", chosen.headers) : redirect("/clones");
}
