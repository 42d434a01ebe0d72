import { api, need } from "../api.server.ts";
import { SharedConversationView } from "../chat/sharing/shared-conversation.tsx";
import { Page } from "../shell/page.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import type { Route } from "./+types/public-share.ts";

export const meta = ({ loaderData }: Route.MetaArgs) => [
  { title: `${loaderData?.title ?? "Shared conversation"} · Understudy` },
  { name: "robots", content: "noindex" },
];

/** The link is a secret: it is not told to where its page's links lead. */
export const headers = () => ({ "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex" });

export function loader({ request, context, params }: Route.LoaderArgs) {
  return need(
    request,
    api({ request, context }).api.v1.public.shares[":token"].$get({ param: { token: params.token } }),
  );
}

export default function PublicShare({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <SiteHeader />
      <Page width="narrow">
        <SharedConversationView shared={loaderData} mayOpenDocuments={false} />
      </Page>
    </>
  );
}
