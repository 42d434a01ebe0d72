import { Outlet, redirect } from "react-router";
import { api, need, pathOf } from "../api.server.ts";
import { Failure } from "../shell/failure.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import type { Route } from "./+types/signed-in.ts";

/** Pages behind this layout are for people with an account. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { user, policy_to_accept } = await need(request, api({ request, context }).api.v1.me.$get());
  const path = pathOf(request);
  // Whoever does not agree can still take out their data, or have it erased.
  if (policy_to_accept && !path.startsWith("/account")) throw redirect(`/agree?next=${encodeURIComponent(path)}`);
  return { user };
}

export default function SignedIn() {
  return (
    <>
      <SiteHeader />
      <Outlet />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <SiteHeader />
      <Failure error={error} />
    </>
  );
}
