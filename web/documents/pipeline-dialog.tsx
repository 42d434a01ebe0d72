import { DownloadIcon, UploadIcon } from "@primer/octicons-react";
import { useRef, useState } from "react";
import { callApi } from "../../client/call-api.ts";
import type { PipelineConfig } from "../../workers/knowledge/pipeline-contract.ts";
import { Button, ButtonLink } from "../ui/button.tsx";
import { FormDialog } from "../ui/dialog/form-dialog.tsx";
import { SelectField, TextField } from "../ui/field.tsx";

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
  const file = useRef<HTMLInputElement>(null);
  const path = `/pipeline/config?clone_id=${clone.id}`;

  const put = async (options: { json: unknown } | { yaml: string }) => {
    await callApi(path, { method: "PUT", ...options });
    onSaved();
  };
  const numeric = { inputMode: "numeric" } as const;
  const named = { optional: true, autoComplete: "off", spellCheck: false } as const;

  return (
    <FormDialog
      title="How it reads and finds"
      description="Documents are read anew after a change, and answered from as they are until then."
      action="Save"
      fields={Object.keys(fields)}
      onSubmit={() => put({ json: configOf(fields, config) })}
      onClose={onClose}
      aside={
        <>
          <ButtonLink size="small" look="quiet" to={`/api/v1${path}&format=yaml`} download reloadDocument>
            <DownloadIcon /> Export
          </ButtonLink>
          <Button size="small" look="quiet" onClick={() => file.current?.click()}>
            <UploadIcon /> Import
          </Button>
        </>
      }
    >
      {(error, attempt) => {
        const control = (name: string) => ({
          value: fields[name] ?? "",
          onChange: ({ target }: { target: { value: string } }) =>
            setFields((all) => ({ ...all, [name]: target.value })),
          error: error(name),
        });
        return (
          <>
            <SelectField label="Cut documents" options={strategies} {...control("chunking.strategy")} />
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField label="Passage size" hint="Tokens, 50 to 1,000." {...numeric} {...control("chunking.size")} />
              <TextField
                label="Overlap"
                hint="Tokens, half the size at most."
                {...numeric}
                {...control("chunking.overlap")}
              />
            </div>
            <SelectField label="Search" options={methods} {...control("retrieval.method")} />
            <div className="grid gap-5 sm:grid-cols-2">
              <TextField label="Passages per answer" hint="1 to 50." {...numeric} {...control("retrieval.top_k")} />
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
              hint="Empty is the one of this installation."
              placeholder="openai/text-embedding-3-small"
              {...named}
              {...control("embedding.model")}
            />
            <TextField
              label="Reranker"
              hint="Puts what was found into a better order. Empty is the one of this installation; “none” is none."
              placeholder="rerank/bge-reranker-v2-m3"
              {...named}
              {...control("retrieval.reranker")}
            />
            <input
              ref={file}
              type="file"
              accept=".yaml,.yml"
              className="hidden"
              aria-label="Configuration file"
              onChange={async (event) => {
                const [chosen] = event.target.files ?? [];
                event.target.value = "";
                if (chosen) await attempt(async () => put({ yaml: await chosen.text() }));
              }}
            />
          </>
        );
      }}
    </FormDialog>
  );
}
