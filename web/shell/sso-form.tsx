import { Form, Link } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { SignCard } from "./sign-card.tsx";

const linkClass = "font-medium text-accent underline underline-offset-4";

interface SsoFormProps {
  problem: ApiProblem | null;
  busy: boolean;
  /** The sign-in page with its other ways. */
  others: string;
  /** Where the address's people sign in, once that is known. */
  leadsTo: string | null;
}

/** Asks for an address, and leads to where its organisation signs people in. */
export function SsoForm({ problem, busy, others, leadsTo }: SsoFormProps) {
  return (
    <SignCard
      title="Single sign-on"
      lead="Your work address leads to your organisation’s own sign-in."
      footer={
        <Link to={others} className={linkClass}>
          Sign in another way
        </Link>
      }
    >
      {leadsTo ? (
        <>
          {/* Not a redirect: the page's policy lets forms lead to this site only, also by redirects, and providers are others. */}
          <meta httpEquiv="refresh" content={`0;url=${leadsTo}`} />
          <Notice tone="info">
            You are being led to your organisation’s sign-in.{" "}
            <a href={leadsTo} rel="nofollow" className={linkClass}>
              Go there
            </a>
          </Notice>
        </>
      ) : (
        <Form key="sso" method="post" className="flex flex-col gap-5" noValidate>
          <ProblemNotice problem={problem} fields={["email"]} />
          <input type="hidden" name="way" value="sso" />
          <TextField
            label="Work e-mail"
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            error={fieldError(problem, "email")}
          />
          <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
            Continue
          </Button>
        </Form>
      )}
    </SignCard>
  );
}
