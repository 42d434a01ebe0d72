import { type FormEvent, useState } from "react";
import { type ApiProblem, problemOf } from "../../client/api-problem.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";

interface QuestionDialogProps {
  clone: { name: string };
  onAdd: (question: object) => Promise<void>;
  onClose: () => void;
}

/** A question, and how its answer can be told to be right. Stays open, so that several can be written one after another. */
export function QuestionDialog({ clone, onAdd, onClose }: QuestionDialogProps) {
  const [question, setQuestion] = useState("");
  const [document, setDocument] = useState("");
  const [page, setPage] = useState("");
  const [contains, setContains] = useState("");
  const [unanswerable, setUnanswerable] = useState(false);
  const [busy, setBusy] = useState(false);
  const [added, setAdded] = useState(0);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const error = (field: string) =>
    problem?.errors.find(({ path }) => path === `questions.0.${field}` || path.startsWith(`questions.0.${field}.`))
      ?.message;

  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const phrases = contains.split("\n").map((line) => line.split("|").map((form) => form.trim()));
    const known = {
      document: document.trim() || null,
      page: page.trim() === "" ? null : Number(page),
      contains: phrases.map((forms) => forms.filter(Boolean)).filter((forms) => forms.length > 0),
    };
    try {
      await onAdd({ question, unanswerable, ...(unanswerable ? {} : known) });
      setAdded((count) => count + 1);
      setQuestion("");
      setContains("");
    } catch (failure) {
      setProblem(problemOf(failure));
    }
    setBusy(false);
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Add a question">
      <form onSubmit={add} noValidate className="flex flex-col gap-5">
        <TextArea
          label="Question"
          autoFocus
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
          maxLength={2_000}
          className="[&_textarea]:min-h-16"
          error={error("question")}
        />
        <label className="flex items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            className="mt-1 accent-(--color-accent)"
            checked={unanswerable}
            onChange={(event) => setUnanswerable(event.target.checked)}
          />
          <span>The documents do not say: {clone.name} should say so, and cite nothing.</span>
        </label>
        {!unanswerable && (
          <>
            <div className="grid gap-5 sm:grid-cols-[1fr_6rem]">
              <TextField
                label="Document"
                optional
                placeholder="report.pdf"
                value={document}
                onChange={(event) => setDocument(event.target.value)}
                error={error("document")}
              />
              <TextField
                label="Page"
                optional
                inputMode="numeric"
                value={page}
                onChange={(event) => setPage(event.target.value)}
                error={error("page")}
              />
            </div>
            <TextArea
              label="The answer contains"
              optional
              hint="A line each; with | between forms of which one is enough."
              placeholder={"24 months | two years"}
              value={contains}
              onChange={(event) => setContains(event.target.value)}
              className="[&_textarea]:min-h-16"
              error={error("contains")}
            />
          </>
        )}
        {problem && !["question", "document", "page", "contains"].some(error) && (
          <Notice tone="danger">{problem.detail}</Notice>
        )}
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex items-center justify-end gap-2 border-line border-t bg-raised px-5 py-3.5">
          <span className="flex-1 text-accent text-sm" role="status">
            {added > 0 && !busy && (added === 1 ? "1 added" : `${added} added`)}
          </span>
          <Button onClick={onClose}>Done</Button>
          <Button type="submit" look="primary" busy={busy}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
