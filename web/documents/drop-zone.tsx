import { GlobeIcon, UploadIcon } from "@primer/octicons-react";
import { type DragEvent, useRef, useState } from "react";
import { acceptedEndings, readableFormats } from "../../workers/reading/formats.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  onWeb: () => void;
  prominent: boolean;
}

/** Where files are dropped or chosen, and from where the web is reached. */
export function DropZone({ onFiles, onWeb, prominent }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(0);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(0);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    <section
      aria-label="Add documents"
      onDragEnter={() => setOver((depth) => depth + 1)}
      onDragLeave={() => setOver((depth) => Math.max(0, depth - 1))}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      className={cx(
        "flex items-center rounded-card border border-dashed transition-colors",
        over > 0 ? "border-accent bg-accent-soft" : "border-line-strong bg-surface",
        prominent ? "flex-col justify-center gap-4 px-6 py-14 text-center" : "flex-wrap gap-4 px-5 py-4",
      )}
    >
      <span
        className={cx(
          "flex shrink-0 items-center justify-center rounded-xl bg-accent-soft text-accent",
          prominent ? "size-12" : "size-10",
        )}
      >
        <UploadIcon size={prominent ? 20 : 16} />
      </span>
      <div className={cx("min-w-0", !prominent && "flex-1 basis-52")}>
        <p className={cx("font-semibold", prominent && "text-lg")}>
          {over > 0 ? "Let go to add them" : "Drop documents here"}
        </p>
        <p className="text-ink-soft text-sm">{readableFormats}. Several at once are fine.</p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look={prominent ? "primary" : "secondary"} onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <Button onClick={onWeb}>
          <GlobeIcon /> Add from the web
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        accept={acceptedEndings}
        aria-label="Choose documents"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </section>
  );
}
