import type { Conversation, ConversationLabels } from "../../../workers/chat/contract.ts";
import { ShareDialog } from "../sharing/share-dialog.tsx";
import { ChangeSettingsDialog, DeleteDialog, RetitleDialog } from "./conversation-dialogs.tsx";
import { FileDialog } from "./file-dialog.tsx";
import { ImportDialog } from "./import-dialog.tsx";

/** What one of the list's dialogs is about. */
export type Asking =
  | { about: "name" | "filing" | "settings" | "sharing" | "deletion"; conversation: Conversation }
  | { about: "import" };

interface ListDialogsProps {
  asking: Asking;
  labels: ConversationLabels;
  onClose: () => void;
}

/** The dialog that was asked for in the list of conversations. */
export function ListDialogs({ asking, labels, onClose }: ListDialogsProps) {
  switch (asking.about) {
    case "name":
      return <RetitleDialog conversation={asking.conversation} onClose={onClose} />;
    case "filing":
      return <FileDialog conversation={asking.conversation} labels={labels} onClose={onClose} />;
    case "settings":
      return <ChangeSettingsDialog conversation={asking.conversation} onClose={onClose} />;
    case "sharing":
      return <ShareDialog conversation={asking.conversation} onClose={onClose} />;
    case "deletion":
      return <DeleteDialog conversation={asking.conversation} onClose={onClose} />;
    case "import":
      return <ImportDialog onClose={onClose} />;
  }
}
