import type { FormEvent, ReactNode } from "react";
import { fieldError } from "../../../client/api-problem.ts";
import { useAttempt } from "../../use-attempt.ts";
import { Button } from "../button.tsx";
import { ProblemNotice } from "../problem-notice.tsx";
import { Dialog } from "./dialog.tsx";

type Attempt = ReturnType<typeof useAttempt>["attempt"];

interface FormDialogProps {
  title: string;
  description?: string;
  /** The verb on the button. */
  action: string;
  /** The word that closes it without that. */
  cancel?: string;
  /** The fields that are told what is wrong with them; where there is but one, it is told whatever is wrong. */
  fields: readonly string[];
  /** Does what the form is for. Where it rejects, the dialog stays with all that was written, and says why. */
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  /** Stands beside the buttons. */
  aside?: ReactNode;
  /** Stands in the form's place once that has done its work, where there is something to show of it. */
  done?: ReactNode;
  /** The form's content; `error` is what is wrong with a field, `attempt` does something else that may be refused as the form may. */
  children: (error: (field: string) => string | undefined, attempt: Attempt) => ReactNode;
}

/** A form in a dialog, open for as long as it is rendered. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, action, cancel = "Cancel", fields, onSubmit, onClose, aside, done, children } = props;
  const { busy, problem, attempt, forget } = useAttempt();
  const isSingle = fields.length === 1;
  const error = (field: string) => fieldError(problem, field) ?? (isSingle ? problem?.detail : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void attempt(onSubmit);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      {...(description === undefined ? {} : { description })}
    >
      {done || (
        <form
          onSubmit={submit}
          // What is being mended is no longer said to be wrong, unless more is that must still be read.
          onChange={() => problem && problem.errors.length < 2 && forget()}
          noValidate
          className="flex flex-col gap-5"
        >
          {children(error, attempt)}
          {!isSingle && <ProblemNotice problem={problem} fields={fields} />}
          <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-raised px-5 py-3.5">
            {aside && <div className="me-auto flex items-center gap-2 text-ink-soft text-sm">{aside}</div>}
            <div className="flex gap-2">
              <Button onClick={onClose}>{cancel}</Button>
              <Button type="submit" look="primary" busy={busy}>
                {action}
              </Button>
            </div>
          </div>
        </form>
      )}
    </Dialog>
  );
}
