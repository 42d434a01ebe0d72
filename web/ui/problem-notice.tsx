import { type ApiProblem, isAllFields } from "../../client/api-problem.ts";
import { Notice } from "./notice.tsx";

interface ProblemNoticeProps {
  problem: ApiProblem | null | undefined;
  /** Those that say themselves what is wrong with them. */
  fields: readonly string[];
}

/** Why a form was refused, unless its fields say all of it. */
export function ProblemNotice({ problem, fields }: ProblemNoticeProps) {
  return problem && !isAllFields(problem, fields) && <Notice tone="danger">{problem.detail}</Notice>;
}
