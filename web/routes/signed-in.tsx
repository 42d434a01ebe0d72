import { Outlet } from "react-router";
import { api, need } from "../api.server.ts";
import { Failure } from "../shell/failure.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import type { Route } from "./+types/signed-in.ts";

/** Pages behind this layout are for people with an account. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { user } = await need(request, api({ request, context }).api.v1.me.$get());
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
