import { redirect } from "react-router";
import { api, attempt, redirectWithCookies } from "../api.server.ts";
import type { Route } from "./+types/sign-out.ts";

export const loader = () => redirect("/");

export async function action({ request, context }: Route.ActionArgs) {
  const ended = await attempt(api({ request, context }).api.v1.auth.logout.$post());
  return redirectWithCookies("/", ended.ok ? ended.headers : new Headers());
}
