import { CommentDiscussionIcon, PlusIcon } from "@primer/octicons-react";
import { useLocation, useNavigate, useRevalidator, useRouteLoaderData, useSearchParams } from "react-router";
import { settingsOf } from "../../client/conversation-settings.ts";
import { waitingOf } from "../../client/waiting.ts";
import type { Clone } from "../../workers/clones/contract.ts";
import { api, need } from "../api.server.ts";
import { ClonePicker } from "../chat/library/clone-picker.tsx";
import { ChatRoom } from "../chat/room/chat-room.tsx";
import { standardModelIn } from "../chat/settings/model-name.ts";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import type { Route } from "./+types/conversation.ts";
import type { loader as listLoader } from "./conversations.tsx";

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `${loaderData?.opened?.conversation.title ?? "New conversation"} · Understudy` },
];

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const id = params.conversationId;
  if (!id) {
    const models = await need(request, v1.models.$get({ query: { default: "true" } }));
    return { opened: null, standardModel: standardModelIn(models.data) };
  }
  const [conversation, tree, queue] = await Promise.all([
    need(request, v1.conversations[":id"].$get({ param: { id } })),
    need(request, v1.conversations[":id"].messages.$get({ param: { id } })),
    need(request, v1.conversations[":id"].queue.$get({ param: { id } })),
  ]);
  // Its answers say which model gave them.
  return { opened: { conversation, messages: tree.data, waiting: waitingOf(queue.data) }, standardModel: null };
}

/** A conversation that was just begun here gets its address while its first answer streams: the room must stay the same. */
function useRoomKey(conversationId: string | undefined, cloneId: string | undefined): string {
  const location = useLocation();
  const kept = (location.state as { room?: string } | null)?.room;
  return kept ?? conversationId ?? `new:${cloneId}:${location.key}`;
}

export default function ConversationPage({ loaderData: { opened, standardModel }, params }: Route.ComponentProps) {
  const clones = useRouteLoaderData<typeof listLoader>("routes/conversations")?.clones ?? [];
  const [search] = useSearchParams();
  const shown = useLocation().hash.slice(1) || null;
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const wanted = opened ? opened.conversation.clone_id : search.get("clone");
  const clone = clones.find(({ id }) => id === wanted) ?? (opened ? null : clones[0]);
  const room = useRoomKey(params.conversationId, clone?.id);
  if (!opened && !clone) return <NoClones />;
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{opened?.conversation.title ?? "New conversation"}</h1>
      {!opened && clone && clones.length > 1 && (
        <ClonePicker
          clones={clones}
          value={clone.id}
          onChange={(id) => navigate(`/chat?clone=${id}`, { replace: true })}
        />
      )}
      <div className="min-h-0 flex-1">
        <ChatRoom
          key={room}
          cloneId={clone?.id ?? null}
          speaker={speakerOf(clone ?? null, opened?.conversation.title)}
          mayOpenDocuments
          model={clone?.model ?? standardModel}
          boundByClone={clone?.privacy === "own"}
          shown={shown}
          conversation={
            opened && {
              id: opened.conversation.id,
              messages: opened.messages,
              head: opened.conversation.head_message_id,
              waiting: opened.waiting,
              settings: settingsOf(opened.conversation),
            }
          }
          onConversation={(id) => navigate(`/chat/${id}`, { replace: true, state: { room } })}
          onFork={(id) => navigate(`/chat/${id}`)}
          onTurnEnd={() => void revalidate()}
          onSettings={() => void revalidate()}
        />
      </div>
    </div>
  );
}

function speakerOf(clone: Clone | null, title: string | undefined) {
  if (clone) return { ...clone, seed: clone.id };
  return { name: "Understudy", seed: "understudy", description: title ?? "", greeting: "", starters: [] };
}

function NoClones() {
  return (
    <div className="p-6">
      <EmptyState
        icon={<CommentDiscussionIcon size={20} />}
        title="Nobody to talk to yet"
        action={
          <ButtonLink to="/clones/new" look="primary">
            <PlusIcon /> New clone
          </ButtonLink>
        }
      >
        Make a clone first. Conversations with it will be kept here.
      </EmptyState>
    </div>
  );
}
