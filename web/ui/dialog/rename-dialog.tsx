import { useState } from "react";
import { TextField } from "../field.tsx";
import { FormDialog } from "./form-dialog.tsx";

interface RenameDialogProps {
  title: string;
  label: string;
  name: string;
  maxLength: number;
  /** Gives the name; rejects with why it cannot be. */
  onRename: (name: string) => Promise<unknown>;
  onClose: () => void;
}

/** Gives something another name. */
export function RenameDialog({ title, label, name, maxLength, onRename, onClose }: RenameDialogProps) {
  const [text, setText] = useState(name);
  const rename = async () => {
    await onRename(text);
    onClose();
  };
  return (
    <FormDialog title={title} action="Rename" fields={["name"]} onSubmit={rename} onClose={onClose}>
      {(error) => (
        <TextField
          label={label}
          autoFocus
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={maxLength}
          required
          error={error("name")}
        />
      )}
    </FormDialog>
  );
}
