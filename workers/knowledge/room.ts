import { queueHandler } from "../platform/rooms/queue.ts";
import type { Room } from "../platform/rooms/room.ts";
import { ingestMessage } from "./ingestion/ingest-message.ts";
import { consumeIngestion, sweepStalledDocuments } from "./ingestion/ingest-queue.ts";
import { erasure } from "./personal-data/erasure.ts";
import { takeout } from "./personal-data/takeout.ts";
import { purgeDeletedClones } from "./purge.ts";
import { pageMessage } from "./web-import/page-message.ts";
import { consumePages, sweepPages } from "./web-import/page-queue.ts";

/** What the knowledge of clones does by itself. */
export const knowledge = {
  queue: [queueHandler(ingestMessage, consumeIngestion), queueHandler(pageMessage, consumePages)],
  cron: { documents: sweepStalledDocuments, pages: sweepPages, clones: purgeDeletedClones },
  personalData: { ...takeout, erasure },
} satisfies Room;
