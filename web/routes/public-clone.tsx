import { api, need } from "../api.server.ts";
import { KeptChat } from "../chat/room/kept-chat.tsx";
import { priceLine } from "../clones/price-line.server.ts";
import { useRootData } from "../root-data.ts";
import { PolicyFooter } from "../shell/policy-links.tsx";
import { SiteHeader } from "../shell/site-header.tsx";
import { socialCard } from "../social-card.ts";
import { Avatar } from "../ui/avatar.tsx";
import { waiting } from "../waiting.ts";
import type { Route } from "./+types/public-clone.ts";

export const handle = waiting;

export const meta: Route.MetaFunction = ({ loaderData, matches: [root] }) => {
  if (!loaderData) return [{ title: "Understudy" }];
  const { name, description, visibility } = loaderData.clone;
  return [
    ...socialCard({
      title: `${name} · Understudy`,
      description: description || `Ask ${name}. Every answer shows its source.`,
      origin: root.loaderData?.origin,
    }),
    ...(visibility === "public" ? [] : [{ name: "robots", content: "noindex" }]),
  ];
};

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [clone, policy] = await Promise.all([
    need(request, v1.public.clones[":slug"].$get({ param: { slug: params.slug } })),
    need(request, v1.policy.$get()),
  ]);
  return { clone, policy, price: priceLine(clone.price) };
}

export default function PublicClone({ loaderData: { clone, policy, price } }: Route.ComponentProps) {
  const user = useRootData()?.user ?? null;
  return (
    <div className="flex h-dvh flex-col">
      <SiteHeader />
      <main id="content" tabIndex={-1} className="mx-auto min-h-0 w-full max-w-4xl flex-1 outline-none">
        <KeptChat
          key={clone.id}
          clone={clone}
          visitorOf={user ? null : clone.slug}
          mayOpenDocuments={clone.source_access === "documents"}
          heading={
            <div className="min-w-0">
              <h1 className="flex min-w-0 items-center gap-2.5">
                <Avatar name={clone.name} seed={clone.id} size="small" />
                <span className="truncate font-semibold">{clone.name}</span>
              </h1>
              {price && <p className="text-ink-soft text-xs">{price}</p>}
            </div>
          }
        />
      </main>
      <PolicyFooter policy={policy} />
    </div>
  );
}
