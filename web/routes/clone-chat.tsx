import { PlusIcon } from "@primer/octicons-react";
import { Link } from "react-router";
import { KeptChat } from "../chat/room/kept-chat.tsx";
import { useClone } from "../clones/use-clone.ts";
import { Notice } from "../ui/notice.tsx";

export default function CloneChat() {
  const { clone, standard } = useClone();
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto h-[calc(100dvh-11.25rem)] min-h-96 w-full max-w-4xl outline-none"
    >
      <KeptChat
        clone={clone}
        visitorOf={null}
        mayOpenDocuments
        model={clone.model ?? standard?.id ?? null}
        boundByClone={clone.privacy === "own"}
        notice={
          clone.document_count === 0 && (
            <Notice
              tone="info"
              action={
                <Link to="knowledge" className="inline-flex items-center gap-1 font-medium text-accent hover:underline">
                  <PlusIcon /> Add documents
                </Link>
              }
            >
              It has nothing to answer from yet.
            </Notice>
          )
        }
      />
    </main>
  );
}
