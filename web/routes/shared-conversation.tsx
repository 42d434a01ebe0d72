import { ArrowLeftIcon } from "@primer/octicons-react";
import { api, need } from "../api.server.ts";
import { SharedConversationView } from "../chat/sharing/shared-conversation.tsx";
import { Page } from "../shell/page.tsx";
import { ButtonLink } from "../ui/button.tsx";
import type { Route } from "./+types/shared-conversation.ts";

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData?.title ?? "Shared conversation"} · Understudy` },
];

export function loader({ request, context, params }: Route.LoaderArgs) {
  return need(request, api({ request, context }).api.v1.shared[":id"].$get({ param: { id: params.shareId } }));
}

export default function SharedWithMembers({ loaderData }: Route.ComponentProps) {
  return (
    <Page width="narrow">
      <ButtonLink to="/shared" look="quiet" size="small" className="mb-4 -ml-2.5">
        <ArrowLeftIcon /> Shared
      </ButtonLink>
      <SharedConversationView shared={loaderData} mayOpenDocuments />
    </Page>
  );
}
