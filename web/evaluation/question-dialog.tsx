import { useState } from "react";
import { FormDialog } from "../ui/dialog/form-dialog.tsx";
import { TextArea, TextField } from "../ui/field.tsx";

interface QuestionDialogProps {
  clone: { name: string };
  onAdd: (question: object) => Promise<void>;
  onClose: () => void;
}

/** Where the API finds a field of the one question that it is sent. */
const at = (field: string) => `questions.0.${field}`;

/** A question, and how its answer can be told to be right. Stays open, so that several can be written one after another. */
export function QuestionDialog({ clone, onAdd, onClose }: QuestionDialogProps) {
  const [question, setQuestion] = useState("");
  const [document, setDocument] = useState("");
  const [page, setPage] = useState("");
  const [contains, setContains] = useState("");
  const [unanswerable, setUnanswerable] = useState(false);
  const [added, setAdded] = useState(0);

  const add = async () => {
    const phrases = contains.split("\n").map((line) => line.split("|").map((form) => form.trim()));
    const known = {
      document: document.trim() || null,
      page: page.trim() === "" ? null : Number(page),
      contains: phrases.map((forms) => forms.filter(Boolean)).filter((forms) => forms.length > 0),
    };
    await onAdd({ question, unanswerable, ...(unanswerable ? {} : known) });
    setAdded((count) => count + 1);
    setQuestion("");
    setContains("");
  };

  return (
    <FormDialog
      title="Add a question"
      action="Add"
      cancel="Done"
      fields={["question", "document", "page", "contains"].map(at)}
      onSubmit={add}
      onClose={onClose}
      aside={
        <span className="text-accent" role="status">
          {added > 0 && (added === 1 ? "1 added" : `${added} added`)}
        </span>
      }
    >
      {(error) => (
        <>
          <TextArea
            label="Question"
            autoFocus
            value={question}
            onChange={(event) => setQuestion(event.target.value)}
            maxLength={2_000}
            className="[&_textarea]:min-h-16"
            error={error(at("question"))}
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
                  error={error(at("document"))}
                />
                <TextField
                  label="Page"
                  optional
                  inputMode="numeric"
                  value={page}
                  onChange={(event) => setPage(event.target.value)}
                  error={error(at("page"))}
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
                error={error(at("contains"))}
              />
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}
