import { useEffect, useState } from "react";
import { readApi } from "../../client/call-api.ts";
import type { WebImport } from "../../workers/knowledge/contract.ts";
import { Button } from "../ui/button.tsx";
import { FormDialog } from "../ui/dialog/form-dialog.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { Progress } from "../ui/progress.tsx";

const modes = [
  { value: "page", label: "This page alone" },
  { value: "site", label: "All pages of the website under this address" },
];
const interval = 700;

interface WebImportDialogProps {
  clone: { id: string; name: string };
  onImported: () => void;
  onClose: () => void;
}

/** Takes a page or a website's pages into a clone's documents, and shows how far that is. */
export function WebImportDialog({ clone, onImported, onClose }: WebImportDialogProps) {
  const [url, setUrl] = useState("");
  const [mode, setMode] = useState("page");
  const [running, setRunning] = useState<WebImport | null>(null);
  const start = async () => {
    // People leave the scheme out.
    const address = /^[a-z][a-z0-9+.-]*:/i.test(url.trim()) ? url.trim() : `https://${url.trim()}`;
    const json = { clone_id: clone.id, url: address, mode };
    const started = await readApi<WebImport>("/documents/import", { method: "POST", json });
    onImported();
    if (mode === "page") onClose();
    else setRunning(started);
  };
  return (
    <FormDialog
      title="Add from the web"
      description="Public pages only. What a website keeps from robots (robots.txt) is not read. Importing a page again brings its document up to date."
      action="Add"
      fields={["url"]}
      onSubmit={start}
      onClose={onClose}
      done={running && <Progressing started={running} onMoved={onImported} onClose={onClose} />}
    >
      {(error) => (
        <>
          <TextField
            label="Address"
            type="url"
            inputMode="url"
            autoFocus
            placeholder="https://example.com/handbook"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            maxLength={2_000}
            error={error("url")}
          />
          <SelectField
            label="What to read"
            options={modes}
            value={mode}
            onChange={(event) => setMode(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

interface ProgressingProps {
  started: WebImport;
  onMoved: () => void;
  onClose: () => void;
}

function Progressing({ started, onMoved, onClose }: ProgressingProps) {
  const { state, problem } = useWebImport(started, onMoved);
  const { pages, found, disallowed } = state;
  const settled = pages.filter(({ status }) => status !== "waiting").length;
  const failed = pages.filter(({ status }) => status === "failed");
  const left = found - disallowed - pages.length;
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-sm">
        {state.status === "running"
          ? `${settled} of ${pages.length} pages are here. You may close this; it goes on.`
          : `${pages.length - failed.length} of ${pages.length} pages are here.`}
      </p>
      <Progress value={settled / Math.max(1, pages.length)} label="Pages taken" />
      {disallowed > 0 && (
        <p className="text-ink-soft text-sm">{disallowed} left out, as the website keeps them from robots.</p>
      )}
      {left > 0 && (
        <p className="text-ink-soft text-sm">
          The website has {left} more. Import them by the address of their folder, or one by one.
        </p>
      )}
      {failed.length > 0 && (
        <ul
          aria-label="Pages that could not be taken"
          className="max-h-60 divide-y divide-line overflow-y-auto text-sm"
        >
          {failed.map(({ url, error }) => (
            <li key={url} className="py-2">
              <p className="font-medium [overflow-wrap:anywhere]">{url}</p>
              <p className="text-danger">{error}</p>
            </li>
          ))}
        </ul>
      )}
      {problem && <p className="text-danger text-sm">{problem}</p>}
      <div className="flex justify-end">
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}

/** An import as it goes on: asked again until it is done. */
function useWebImport(started: WebImport, onMoved: () => void) {
  const [state, setState] = useState(started);
  const [problem, setProblem] = useState<string | null>(null);
  const { id, status } = state;
  useEffect(() => {
    if (status === "done") return;
    let timer: ReturnType<typeof setTimeout>;
    const round = async () => {
      try {
        setState(await readApi<WebImport>(`/documents/imports/${id}`));
        setProblem(null);
        onMoved();
      } catch {
        // What is shown stays; the next round tries again.
        setProblem("The server cannot be reached. It is tried again by itself.");
      }
      timer = setTimeout(round, interval);
    };
    timer = setTimeout(round, interval);
    return () => clearTimeout(timer);
  }, [id, status, onMoved]);
  return { state, problem };
}
