import { CommentDiscussionIcon } from "@primer/octicons-react";
import { useMemo } from "react";
import type { SharedConversation } from "../../../workers/chat/share-contract.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { When } from "../../ui/when.tsx";
import { Answer } from "../answer/answer.tsx";
import { citedIn } from "../answer/cited-in.ts";
import { EarlyAnswers, earlyAnswers } from "../answer/early-answers.ts";
import { MayOpenDocuments } from "../answer/may-open-documents.ts";
import { SourceRow } from "../answer/source-row.tsx";

type SharedMessage = SharedConversation["messages"][number];

function Asked({ message }: { message: SharedMessage }) {
  return (
    <div className="flex flex-col items-end">
      <h3 className="sr-only">Asked</h3>
      <p className="max-w-[85%] [unicode-bidi:plaintext] whitespace-pre-wrap rounded-2xl rounded-ee-md bg-hover px-4 py-2.5 [overflow-wrap:anywhere]">
        {message.content}
      </p>
    </div>
  );
}

function Answered({ message, speaker }: { message: SharedMessage; speaker: string }) {
  const citations = message.citations.map((citation) => ({ ...citation, document_id: citation.document_id ?? "" }));
  const isOver = message.status !== "running";
  return (
    <div className="flex gap-3 sm:gap-4">
      <div className="max-sm:hidden">
        <Avatar name={speaker} size="small" />
      </div>
      <div className="min-w-0 flex-1">
        <h3 className="mb-1 font-semibold text-sm leading-7">
          {speaker}
          <span className="sr-only"> answered</span>
        </h3>
        <Answer message={{ content: message.content, citations }} streaming={!isOver} />
        {isOver && <SourceRow sources={citedIn(message.content, citations)} />}
      </div>
    </div>
  );
}

/** A conversation that somebody shares, to read only. */
export function SharedConversationView({
  shared,
  mayOpenDocuments,
}: {
  shared: SharedConversation;
  mayOpenDocuments: boolean;
}) {
  const speaker = shared.clone ?? "Assistant";
  const early = useMemo(() => earlyAnswers(shared.messages), [shared.messages]);
  return (
    <MayOpenDocuments value={mayOpenDocuments}>
      <h1 className="display text-3xl [overflow-wrap:anywhere] sm:text-4xl">{shared.title}</h1>
      <p className="mt-2 text-ink-soft">
        {shared.clone ? `A conversation with ${shared.clone}, shared` : "Shared"} by {shared.shared_by}{" "}
        <When iso={shared.shared_at} />
      </p>
      {shared.messages.length === 0 ? (
        <div className="mt-8">
          <EmptyState icon={<CommentDiscussionIcon size={20} />} title="Nothing is left to read">
            What was shared has been deleted since.
          </EmptyState>
        </div>
      ) : (
        <section aria-label="Messages" className="mt-8 flex flex-col gap-7">
          <EarlyAnswers value={early}>
            {shared.messages.map((message) =>
              message.role === "user" ? (
                <Asked key={message.id} message={message} />
              ) : (
                <Answered key={message.id} message={message} speaker={speaker} />
              ),
            )}
          </EarlyAnswers>
        </section>
      )}
    </MayOpenDocuments>
  );
}
