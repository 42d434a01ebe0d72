import { PlusIcon, XIcon } from "@primer/octicons-react";
import { useRef, useState } from "react";
import { Button, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { inputClass } from "../ui/input-class.ts";

const most = 6;

interface StartersFieldProps {
  initial: readonly string[];
  error?: string | undefined;
}

/** The questions that a chat offers to begin with, one line each. */
export function StartersField({ initial, error }: StartersFieldProps) {
  const nextKey = useRef(initial.length);
  const [rows, setRows] = useState(() => (initial.length > 0 ? initial : [""]).map((text, key) => ({ key, text })));
  const add = () => {
    nextKey.current += 1;
    setRows([...rows, { key: nextKey.current, text: "" }]);
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-semibold text-sm">Starter questions</legend>
      <p className="-mt-0.5 mb-0.5 text-ink-soft text-sm">
        Shown before the first question. Choose ones that it answers well.
      </p>
      {rows.map(({ key, text }, at) => (
        <div key={key} className="flex items-center gap-1.5">
          <input
            name="starters"
            defaultValue={text}
            aria-label={`Starter question ${at + 1}`}
            aria-invalid={error ? true : undefined}
            maxLength={200}
            placeholder={at === 0 ? "What would a newcomer ask first?" : undefined}
            // biome-ignore lint/a11y/noAutofocus: the person just asked for this line
            autoFocus={key > initial.length}
            className={cx(inputClass, "h-10")}
          />
          <IconButton
            label={`Remove starter question ${at + 1}`}
            onClick={() => setRows(rows.filter((row) => row.key !== key))}
          >
            <XIcon />
          </IconButton>
        </div>
      ))}
      {error && <p className="text-danger text-sm">{error}</p>}
      {rows.length < most && (
        <Button size="small" look="quiet" className="self-start" onClick={add}>
          <PlusIcon /> Add a question
        </Button>
      )}
    </fieldset>
  );
}
