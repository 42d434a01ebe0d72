import { ThreeBarsIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Outlet } from "react-router";
import { api, need } from "../api.server.ts";
import { ConversationList } from "../chat/library/conversation-list.tsx";
import { filterOf, queryOf, searchOf } from "../chat/library/list-filter.ts";
import { Button } from "../ui/button.tsx";
import { Drawer } from "../ui/dialog/dialog.tsx";
import type { Route } from "./+types/conversations.ts";

export const meta = () => [{ title: "Chats · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const filter = filterOf(new URL(request.url).searchParams);
  const [conversations, labels, clones] = await Promise.all([
    need(request, v1.conversations.$get({ query: { limit: "100", ...queryOf(filter) } })),
    need(request, v1.conversations.labels.$get()),
    need(request, v1.clones.$get({ query: { limit: "100" } })),
  ]);
  return { conversations, filter, labels, clones: clones.data, now: Date.now() };
}

export default function Conversations({ loaderData }: Route.ComponentProps) {
  const { conversations, filter, labels, now } = loaderData;
  const list = { conversations, filter, labels, now };
  const [open, setOpen] = useState(false);
  return (
    <div className="mx-auto flex h-[calc(100dvh-3.5625rem)] max-w-6xl">
      <aside className="w-72 shrink-0 overflow-y-auto border-line border-e max-md:hidden">
        <ConversationList key={searchOf(filter)} {...list} />
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="border-line border-b px-3 py-1.5 md:hidden">
          <Button size="small" look="quiet" onClick={() => setOpen(true)}>
            <ThreeBarsIcon /> Conversations
          </Button>
        </div>
        <Drawer open={open} onOpenChange={setOpen} title="Conversations">
          <ConversationList key={searchOf(filter)} {...list} onFollow={() => setOpen(false)} />
        </Drawer>
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
    </div>
  );
}
