import { Form, Link, useNavigation } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import { CodeField } from "../account/code-field.tsx";
import { Button } from "../ui/button.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { SignCard } from "./sign-card.tsx";

interface CodeStepProps {
  /** Of the sign-in that waits for a code. */
  token: string;
  problem: ApiProblem | null;
  /** Where somebody else signs in. */
  back: string;
  /** The page that takes the code; this one where none is named. */
  action?: string;
}

/** The second half of a sign-in: the code of an authenticator app. */
export function CodeStep({ token, problem, back, action }: CodeStepProps) {
  const busy = useNavigation().state !== "idle";
  return (
    <SignCard
      title="One more step"
      lead="Enter the code that your authenticator app shows."
      footer={
        <Link to={back} reloadDocument className="font-medium text-accent underline underline-offset-4">
          Sign in as somebody else
        </Link>
      }
    >
      <Form key="code" method="post" action={action} className="flex flex-col gap-5" noValidate>
        <ProblemNotice problem={problem} fields={["code"]} />
        <input type="hidden" name="token" value={token} />
        <CodeField error={fieldError(problem, "code")} autoFocus />
        <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
          Verify
        </Button>
      </Form>
    </SignCard>
  );
}
