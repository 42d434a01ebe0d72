import { PlusIcon } from "@primer/octicons-react";
import { type ReactNode, useEffect, useState } from "react";
import { readConversation } from "../../../client/conversation-calls.ts";
import type { PublicClone } from "../../../workers/clones/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ChatRoom } from "./chat-room.tsx";
import type { ChatRoomProps } from "./use-room.ts";

interface KeptChatProps {
  clone: Omit<PublicClone, "price">;
  visitorOf: string | null;
  mayOpenDocuments: boolean;
  model?: string | null;
  boundByClone?: boolean;
  notice?: ReactNode;
  /** Stands beside the “New conversation” button. */
  heading?: ReactNode;
}

type Kept = NonNullable<ChatRoomProps["conversation"]>;

/** `undefined` while the tab's memory is being asked, `null` for a new conversation. */
function useKeptConversation(key: string) {
  const [kept, setKept] = useState<Kept | null | undefined>(null);
  const [visit, setVisit] = useState(0);
  // The server cannot know what this tab remembers: the first render is a new conversation for both.
  useEffect(() => {
    const id = sessionStorage.getItem(key);
    if (!id) return setKept(null);
    let current = true;
    setKept(undefined);
    readConversation(id).then(
      (tree) => current && setKept({ id, ...tree }),
      () => {
        // Gone, or another visitor's by now: begin anew rather than stand before a closed door.
        sessionStorage.removeItem(key);
        if (current) setKept(null);
      },
    );
    return () => {
      current = false;
    };
  }, [key]);
  const begin = () => {
    sessionStorage.removeItem(key);
    setKept(null);
    setVisit(visit + 1);
  };
  return { kept, visit, begin };
}

/** A chat that has no address of its own: the tab remembers its conversation, so that a reload goes on where it was. */
export function KeptChat({ clone, visitorOf, heading, ...room }: KeptChatProps) {
  const key = `understudy:conversation:${clone.id}`;
  const { kept, visit, begin } = useKeptConversation(key);
  const [begun, setBegun] = useState(false);
  const underWay = begun || Boolean(kept);
  const restart = () => {
    setBegun(false);
    begin();
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      {(heading || underWay) && (
        <div className="px-4 sm:px-6">
          <div className="mx-auto flex min-h-12 w-full max-w-3xl items-center gap-3 py-2">
            <div className="min-w-0 flex-1">{heading}</div>
            {underWay && (
              <Button size="small" look="quiet" onClick={restart}>
                <PlusIcon /> New conversation
              </Button>
            )}
          </div>
        </div>
      )}
      <div className="min-h-0 flex-1">
        {kept === undefined ? (
          <ChatSkeleton />
        ) : (
          <ChatRoom
            {...room}
            key={`${visit}:${kept?.id ?? "new"}`}
            cloneId={clone.id}
            visitorOf={visitorOf}
            introduce={!heading}
            speaker={{ ...clone, seed: clone.id }}
            conversation={kept}
            onConversation={(id) => {
              sessionStorage.setItem(key, id);
              setBegun(true);
            }}
          />
        )}
      </div>
    </div>
  );
}

export function ChatSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the conversation"
      className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-8 sm:px-6"
    >
      <Skeleton className="h-11 w-1/2 self-end rounded-2xl" />
      <Skeleton className="h-4 w-1/4" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-11/12" />
      <Skeleton className="h-4 w-2/3" />
    </div>
  );
}
