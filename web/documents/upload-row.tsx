import { AlertIcon, SyncIcon, UploadIcon, XIcon } from "@primer/octicons-react";
import { Button, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { Progress } from "../ui/progress.tsx";
import type { Upload } from "./use-uploads.ts";

interface UploadRowProps {
  upload: Upload;
  onRetry: () => void;
  onDismiss: () => void;
}

/** A file on its way up, or why it did not get there. */
export function UploadRow({ upload: { filename, progress, problem }, onRetry, onDismiss }: UploadRowProps) {
  const percent = Math.round(progress * 100);
  const doing = progress === 0 ? "Waiting to be sent" : progress < 1 ? `Uploading, ${percent} %` : "Being checked";
  // What is wrong with the file itself will be wrong the next time, too.
  const worthRetrying = problem && ![413, 415, 422].includes(problem.status);
  return (
    <li className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <span
        className={cx(
          "mt-0.5 flex size-9 shrink-0 items-center justify-center rounded-lg",
          problem ? "bg-danger-soft text-danger" : "bg-accent-soft text-accent",
        )}
      >
        {problem ? <AlertIcon /> : <UploadIcon />}
      </span>
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-medium [overflow-wrap:anywhere]">{filename}</p>
        {problem ? (
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2">
            <p role="alert" className="basis-64 grow text-danger text-sm">
              {problem.detail}
            </p>
            {worthRetrying && (
              <Button size="small" onClick={onRetry}>
                <SyncIcon /> Retry
              </Button>
            )}
          </div>
        ) : (
          <div className="mt-2 flex max-w-xl flex-col gap-1.5">
            <Progress value={progress} label={`${filename}: ${doing}`} />
            <span className="text-ink-soft text-xs">{doing}</span>
          </div>
        )}
      </div>
      {problem && (
        <IconButton label={`Dismiss ${filename}`} onClick={onDismiss}>
          <XIcon />
        </IconButton>
      )}
    </li>
  );
}
