import { data, redirect } from "react-router";
import { sameSitePath } from "../../workers/platform/redirect-contract.ts";
import { isTheme, themeCookie } from "../theme.ts";
import type { Route } from "./+types/theme.ts";

export const loader = () => redirect("/");

export async function action({ request }: Route.ActionArgs) {
  const form = await request.formData();
  const theme = form.get("theme");
  if (!isTheme(theme)) throw data(null, { status: 400 });
  const headers = { "Set-Cookie": themeCookie(theme) };
  const next = form.get("next");
  return typeof next === "string" ? redirect(sameSitePath(next, "/"), { headers }) : data(null, { headers });
}
