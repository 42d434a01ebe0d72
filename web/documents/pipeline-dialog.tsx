import { DownloadIcon, UploadIcon } from "@primer/octicons-react";
import { type FormEvent, useRef, useState } from "react";
import { type ApiProblem, fieldError, problemOf } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { PipelineConfig } from "../../workers/knowledge/contract.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";

const strategies = [
  { value: "structure", label: "At headings, pages and sentences" },
  { value: "sentence", label: "At pages and sentences" },
  { value: "fixed", label: "At the size alone" },
];
const rewrites = [
  { value: "true", label: "As the answering model puts them" },
  { value: "false", label: "With the question before them" },
];
const methods = [
  { value: "hybrid", label: "By words and meaning" },
  { value: "keyword", label: "By words alone" },
  { value: "vector", label: "By meaning alone" },
];

/** The form's fields by their path in the configuration. */
type Fields = Record<string, string>;

function fieldsOf({ chunking, embedding, retrieval }: PipelineConfig): Fields {
  return {
    "chunking.strategy": chunking.strategy,
    "chunking.size": String(chunking.size),
    "chunking.overlap": String(chunking.overlap),
    "embedding.model": embedding.model ?? "",
    "retrieval.method": retrieval.method,
    "retrieval.top_k": String(retrieval.top_k),
    "retrieval.threshold": String(retrieval.threshold),
    "retrieval.rewrite": String(retrieval.rewrite),
    "retrieval.reranker": retrieval.reranker ?? "",
  };
}

/** The configuration as the API takes it; what is not a number goes as it is, and the API says what is wrong with it. */
function configOf(fields: Fields, before: PipelineConfig) {
  const number = (path: string) => {
    const text = (fields[path] ?? "").trim();
    return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
  };
  return {
    chunking: {
      strategy: fields["chunking.strategy"],
      size: number("chunking.size"),
      overlap: number("chunking.overlap"),
    },
    embedding: { model: fields["embedding.model"]?.trim() || null },
    retrieval: {
      ...before.retrieval,
      method: fields["retrieval.method"],
      top_k: number("retrieval.top_k"),
      threshold: number("retrieval.threshold"),
      rewrite: fields["retrieval.rewrite"] === "true",
      reranker: fields["retrieval.reranker"]?.trim() || null,
    },
  };
}

interface PipelineDialogProps {
  clone: { id: string; name: string };
  config: PipelineConfig;
  onClose: () => void;
  onSaved: () => void;
}

/** How a clone reads its documents and finds answers in them. */
export function PipelineDialog({ clone, config, onClose, onSaved }: PipelineDialogProps) {
  const [fields, setFields] = useState(() => fieldsOf(config));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const path = `/pipeline/config?clone_id=${clone.id}`;

  const put = async (options: { json: unknown } | { yaml: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await callApi(path, { method: "PUT", ...options });
      onSaved();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void put({ json: configOf(fields, config) });
  };
  const control = (name: string) => ({
    value: fields[name] ?? "",
    onChange: ({ target }: { target: { value: string } }) => setFields((all) => ({ ...all, [name]: target.value })),
    error: fieldError(problem, name),
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="How it reads and finds"
      description="Documents are read anew after a change, and answered from as they are until then."
    >
      <form onSubmit={save} noValidate className="flex flex-col gap-5">
        <SelectField label="Cut documents" options={strategies} {...control("chunking.strategy")} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label="Passage size"
            hint="Tokens, 50 to 1,000."
            inputMode="numeric"
            {...control("chunking.size")}
          />
          <TextField
            label="Overlap"
            hint="Tokens, half the size at most."
            inputMode="numeric"
            {...control("chunking.overlap")}
          />
        </div>
        <SelectField label="Search" options={methods} {...control("retrieval.method")} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField label="Passages per answer" hint="1 to 50." inputMode="numeric" {...control("retrieval.top_k")} />
          <TextField
            label="Least relevance"
            hint="0 keeps all, 1 none."
            inputMode="decimal"
            {...control("retrieval.threshold")}
          />
        </div>
        <SelectField label="Search follow-up questions" options={rewrites} {...control("retrieval.rewrite")} />
        <TextField
          label="Embedding model"
          optional
          hint="Empty is the one of this installation."
          placeholder="openai/text-embedding-3-small"
          autoComplete="off"
          spellCheck={false}
          {...control("embedding.model")}
        />
        <TextField
          label="Reranker"
          optional
          hint="Puts what was found into a better order. Empty is the one of this installation; “none” is none."
          placeholder="rerank/bge-reranker-v2-m3"
          autoComplete="off"
          spellCheck={false}
          {...control("retrieval.reranker")}
        />
        {problem && problem.errors.length === 0 && <Notice tone="danger">{problem.detail}</Notice>}
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml"
          className="hidden"
          aria-label="Configuration file"
          onChange={async (event) => {
            const [chosen] = event.target.files ?? [];
            event.target.value = "";
            if (chosen) await put({ yaml: await chosen.text() });
          }}
        />
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-line border-t bg-raised px-5 py-3.5">
          <ButtonLink size="small" look="quiet" to={`/api/v1${path}&format=yaml`} download reloadDocument>
            <DownloadIcon /> Export
          </ButtonLink>
          <Button size="small" look="quiet" onClick={() => file.current?.click()}>
            <UploadIcon /> Import
          </Button>
          <span className="ms-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" busy={busy}>
              Save
            </Button>
          </span>
        </div>
      </form>
    </Dialog>
  );
}
