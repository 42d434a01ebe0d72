import { problemOf } from "../api-problem.ts";
import { readQueue } from "../conversation-calls.ts";
import { type How, spoken } from "../how-asked.ts";
import { branchOf } from "../message-tree.ts";
import type { Waiting } from "../waiting.ts";
import { resume } from "./follow.ts";
import { newQuestion } from "./new-question.ts";
import { dispatch, type Session } from "./session.ts";
import * as calls from "./turn-calls.ts";

/** Lets a question wait for the end of the answer that is being written. Rejects with what the API says. */
export async function queue(session: Session, content: string, how: How): Promise<void> {
  const id = session.conversationId;
  if (!id) return;
  const question = newQuestion(content, null);
  const leaving = new AbortController();
  await calls.sendMessage(id, { id: question.id, content, queue: true, ...spoken(how) }, leaving.signal);
  // It is stored: listening can wait until its turn has come.
  leaving.abort();
  await readWaiting(session);
  // The answer may have come to its end meanwhile.
  resume(session);
}

/** Takes in the questions that wait, but for the one that is followed, which may stand in line. */
async function readWaiting(session: Session): Promise<void> {
  if (!session.conversationId) return;
  const stored = await readQueue(session.conversationId);
  const followed = followedQuestion(session);
  dispatch(session, { kind: "waiting", waiting: stored.filter(({ questionId }) => questionId !== followed) });
}

/** The question whose answer is followed. */
function followedQuestion({ state: { live, messages, head } }: Session): string | undefined {
  return live ? branchOf(messages, head).findLast(({ role }) => role === "user")?.id : undefined;
}

/** Takes back a question that waits; resolves to false where its turn has come. Otherwise rejects, and it still waits. */
export async function takeBack(session: Session, { turnIds, questionId }: Waiting): Promise<boolean> {
  const id = session.conversationId;
  if (!id) return false;
  const areBack = await Promise.all(
    turnIds.map((turnId) =>
      calls.takeBack(id, turnId).then(
        () => true,
        (error: unknown) => {
          if (problemOf(error).status !== 404) throw error;
          return false;
        },
      ),
    ),
  );
  const waiting = session.state.waiting.filter((other) => other.questionId !== questionId);
  dispatch(session, { kind: "waiting", waiting });
  return areBack.every(Boolean);
}

/** Takes the question that is followed out of the line; resolves to it, or to null where its turn has come. */
export async function leaveLine(session: Session): Promise<Waiting | null> {
  if (!session.conversationId) return null;
  const followed = followedQuestion(session);
  const stored = await readQueue(session.conversationId);
  const own = stored.find(({ questionId }) => questionId === followed);
  return own && (await takeBack(session, own)) ? own : null;
}
