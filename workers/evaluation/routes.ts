import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { addQuestions } from "./add-questions.ts";
import { deleteQuestion } from "./delete-question.ts";
import { listQuestions, listRuns, readRun } from "./read-evaluations.ts";
import { startRun } from "./start-run.ts";

export const evaluationRoutes = createRouter()
  .get("/evaluation/questions", serve(listQuestions))
  .post("/evaluation/questions", serve(addQuestions, 201))
  .delete("/evaluation/questions/:id", serve(deleteQuestion))
  .post("/evaluation/runs", serve(startRun, 202))
  .get("/evaluation/runs", serve(listRuns))
  .get("/evaluation/runs/:id", serve(readRun));
