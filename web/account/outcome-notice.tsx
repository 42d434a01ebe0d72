import { isAllFields } from "../../client/api-problem.ts";
import { Notice } from "../ui/notice.tsx";
import type { Outcome } from "./security-actions.ts";

/** What a form came to, unless one of its `fields` says so itself. */
export function OutcomeNotice({ outcome, fields = [] }: { outcome: Outcome | undefined; fields?: string[] }) {
  if (outcome?.done) return <Notice tone="good">{outcome.done}</Notice>;
  if (outcome?.problem && !isAllFields(outcome.problem, fields)) {
    return <Notice tone="danger">{outcome.problem.detail}</Notice>;
  }
  return null;
}
