import { Outlet } from "react-router";
import { api, need } from "../api.server.ts";
import { CloneHeader } from "../clones/clone-header.tsx";
import type { Route } from "./+types/clone.ts";

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData ? `${loaderData.clone.name} · Understudy` : "Understudy" },
];

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [clone, usual] = await Promise.all([
    need(request, v1.clones[":id"].$get({ param: { id: params.cloneId } })),
    need(request, v1.models.$get({ query: { default: "true" } })),
  ]);
  return { clone, standard: usual.data[0] ?? null };
}

export default function CloneLayout({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <CloneHeader clone={loaderData.clone} />
      <Outlet />
    </>
  );
}
