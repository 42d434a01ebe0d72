import { iso } from "../platform/clock.ts";
import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { eachRun, listAllQuestions } from "./queries.ts";

async function* runsOf({ db }: Runtime, workspaceId: string) {
  for await (const { run, results } of eachRun(db, workspaceId)) {
    yield {
      id: run.id,
      clone_id: run.cloneId,
      user_id: run.userId,
      created_at: iso(run.createdAt),
      results: results.map(
        ({ question, status, answer, cited, foundDocument, foundPage, answered, error, ...counts }) => ({
          ...question,
          status,
          answer,
          cited,
          found_document: foundDocument,
          found_page: foundPage,
          answered,
          citations: counts.citations,
          supported_citations: counts.supportedCitations,
          statements: counts.statements,
          cited_statements: counts.citedStatements,
          dropped_citations: counts.droppedCitations,
          error,
        }),
      ),
    };
  }
}

/** Runs, and the questions that clones are tested with. All of it goes with its clone. */
export const personalData: PersonalData = {
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield jsonListFile(runtime, "evaluations.json", runsOf(runtime, workspaceId));
    },
  },
  contents: {
    async ofClones(db, { workspaceId }) {
      const questions = Map.groupBy(await listAllQuestions(db, workspaceId), ({ cloneId }) => cloneId);
      return (id) => ({
        test_questions: (questions.get(id) ?? []).map(({ question, document, page, contains, unanswerable }) => ({
          question,
          document,
          page,
          contains,
          unanswerable,
        })),
      });
    },
  },
};
