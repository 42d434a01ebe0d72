import { ArrowDownIcon } from "@primer/octicons-react";
import { Notice } from "../../ui/notice.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { useMay } from "../../workspaces/use-may.ts";
import { MayOpenDocuments } from "../answer/may-open-documents.ts";
import { ModelBadge } from "../settings/model-badge.tsx";
import { ChatStart } from "./chat-start.tsx";
import { OnlookersFoot, PersonsFoot, VisitorsFoot } from "./feet.tsx";
import { TurnAnnouncer } from "./turn-announcer.tsx";
import { type ChatRoomProps, useAsking, useRoom } from "./use-room.ts";

const fetchMessages = async () => (await import("./message-list.tsx")).MessageList;
const MessageList = whenNeeded(fetchMessages);
const WaitingQuestions = whenNeeded(async () => (await import("./waiting-questions.tsx")).WaitingQuestions);

/** Fetches what shows messages, silently: where it does not come, what shows them says so. */
const expectAnswers = () =>
  void Promise.all([fetchMessages(), import("../answer/answer-markdown.tsx")]).catch(() => {});

/**
 * A whole chat: its messages, and at its foot what a person of the workspace, a visitor or an onlooker may do. It fills the height it
 * is given and scrolls inside.
 */
export function ChatRoom(props: ChatRoomProps) {
  const { speaker, visitorOf = null, introduce = true, notice, onFork, onSettings } = props;
  const room = useRoom(props);
  const asking = useAsking(room, expectAnswers);
  const mayAsk = useMay("conversation.write");
  const foot = { room, asking, label: `Ask ${speaker.name}` };
  return (
    <MayOpenDocuments value={props.mayOpenDocuments}>
      <div className="relative flex h-full min-h-0 flex-col">
        <section
          ref={room.scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="Messages"
          className="focus-inset min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 sm:px-6"
        >
          <div className="flex min-h-full flex-col">
            {room.branch.length === 0 ? (
              <ChatStart
                introduce={introduce}
                speaker={mayAsk ? speaker : { ...speaker, starters: [] }}
                badge={<ModelBadge model={room.model} />}
                notice={notice}
                onAsk={asking.ask}
              />
            ) : (
              <MessageList
                state={room.state}
                branch={room.branch}
                session={room.session}
                how={room.how}
                speaker={speaker}
                onTakeBack={asking.takeBack}
                onFork={onFork}
              />
            )}
          </div>
        </section>
        {room.away && (
          <button
            type="button"
            onClick={room.toEnd}
            className="absolute bottom-28 left-1/2 inline-flex h-9 -translate-x-1/2 animate-fade items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 text-sm shadow-lift hover:bg-hover"
          >
            <ArrowDownIcon /> Latest
          </button>
        )}
        <div className="px-3 pt-2 pb-3 sm:px-6">
          <div className="mx-auto w-full max-w-3xl">
            {room.state.waiting.length > 0 && (
              <WaitingQuestions waiting={room.state.waiting} onTakeBack={asking.unqueue} />
            )}
            {asking.unkept && (
              <Notice tone="danger" className="mb-2">
                {asking.unkept}
              </Notice>
            )}
            {!mayAsk ? (
              <OnlookersFoot />
            ) : visitorOf === null ? (
              <PersonsFoot {...foot} onSettings={onSettings} />
            ) : (
              <VisitorsFoot {...foot} />
            )}
          </div>
        </div>
        <TurnAnnouncer state={room.state} />
      </div>
    </MayOpenDocuments>
  );
}
