import { TrashIcon } from "@primer/octicons-react";
import { useActionData, useFetcher } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { CodeField } from "../account/code-field.tsx";
import type { action } from "../routes/workspace.tsx";
import { Button } from "../ui/button.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { Section } from "./section.tsx";

/** The end of a shared workspace, for its owner, with all that a sign-in takes. */
export function EraseWorkspace({ email, needsCode }: { email: string; needsCode: boolean }) {
  const fetcher = useFetcher<typeof action>();
  // Without script the form is posted by the page itself.
  const posted = useActionData<typeof action>();
  const answer = fetcher.data ?? posted;
  const problem = answer?.intent === "erasure" ? answer.problem : null;
  return (
    <Section
      title="Erase this workspace"
      lead="Its clones stop answering at once, for everybody. Then clones, documents and conversations are removed for good, and you get a signed list. There is no way back."
    >
      <fetcher.Form method="post" className="flex flex-col gap-5" noValidate>
        <input type="hidden" name="intent" value="erasure" />
        {/* For password managers: whose it is. */}
        <input type="hidden" name="username" autoComplete="username" defaultValue={email} />
        <ProblemNotice problem={problem} fields={["password", "code"]} />
        <PasswordField
          label="Your password"
          name="password"
          autoComplete="current-password"
          required
          error={fieldError(problem, "password")}
        />
        {needsCode && <CodeField error={fieldError(problem, "code")} />}
        <Button type="submit" look="danger" busy={fetcher.state !== "idle"} className="self-start">
          <TrashIcon /> Erase workspace for good
        </Button>
      </fetcher.Form>
    </Section>
  );
}
