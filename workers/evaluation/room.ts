import { queueHandler } from "../platform/rooms/queue.ts";
import type { Room } from "../platform/rooms/room.ts";
import { consumeEvaluations, sweepEvaluations } from "./evaluation-queue.ts";
import { evaluationMessage } from "./messages.ts";
import { personalData } from "./personal-data.ts";

/** What evaluation does by itself. */
export const evaluation = {
  queue: [queueHandler(evaluationMessage, consumeEvaluations)],
  cron: { runs: sweepEvaluations },
  personalData,
} satisfies Room;
