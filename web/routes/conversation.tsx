import { CommentDiscussionIcon, PlusIcon } from "@primer/octicons-react";
import { useLocation, useNavigate, useRevalidator, useRouteLoaderData, useSearchParams } from "react-router";
import type { Clone } from "../../workers/clones/contract.ts";
import { api, need } from "../api.server.ts";
import { ChatRoom } from "../chat/chat-room.tsx";
import { ClonePicker } from "../chat/clone-picker.tsx";
import { settingsOf } from "../chat/conversation-settings.ts";
import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import type { Route } from "./+types/conversation.ts";
import type { loader as listLoader } from "./conversations.tsx";

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `${loaderData?.conversation.title ?? "New conversation"} · Understudy` },
];

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const id = params.conversationId;
  if (!id) return null;
  const conversation = api({ request, context }).api.v1.conversations[":id"];
  const [found, tree] = await Promise.all([
    need(request, conversation.$get({ param: { id } })),
    need(request, conversation.messages.$get({ param: { id } })),
  ]);
  return { conversation: found, messages: tree.data };
}

/** A conversation that was just begun here gets its address while its first answer streams: the room must stay the same. */
function useRoomKey(conversationId: string | undefined, cloneId: string | undefined): string {
  const location = useLocation();
  const kept = (location.state as { room?: string } | null)?.room;
  return kept ?? conversationId ?? `new:${cloneId}:${location.key}`;
}

export default function ConversationPage({ loaderData, params }: Route.ComponentProps) {
  const clones = useRouteLoaderData<typeof listLoader>("routes/conversations")?.clones ?? [];
  const [search] = useSearchParams();
  const shown = useLocation().hash.slice(1) || null;
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  const wanted = loaderData ? loaderData.conversation.clone_id : search.get("clone");
  const clone = clones.find(({ id }) => id === wanted) ?? (loaderData ? null : clones[0]);
  const room = useRoomKey(params.conversationId, clone?.id);
  if (!loaderData && !clone) return <NoClones />;
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{loaderData?.conversation.title ?? "New conversation"}</h1>
      {!loaderData && clone && clones.length > 1 && (
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
          speaker={speakerOf(clone ?? null, loaderData?.conversation.title)}
          mayOpenDocuments
          shown={shown}
          conversation={
            loaderData && {
              id: loaderData.conversation.id,
              messages: loaderData.messages,
              head: loaderData.conversation.head_message_id,
              settings: settingsOf(loaderData.conversation),
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
