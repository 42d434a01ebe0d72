import { problemOf } from "../api-problem.ts";
import { readConversation } from "../conversation-calls.ts";
import { dispatch, fail, reload, type Session } from "./session.ts";
import { attach } from "./turn-calls.ts";
import { backOff, isPassing, readTurn, waitToReconnect } from "./turn-stream.ts";

/** After so many attempts in a row the person decides; the answer goes on at the server either way. */
const patience = 8;

type Open = (signal: AbortSignal) => Promise<Response>;

/** Follows the turn that `open` starts to its end, through lost connections. Only one is followed at a time. */
export async function follow(session: Session, id: string, open: Open): Promise<void> {
  session.following?.abort();
  const mine = new AbortController();
  session.following = mine;
  const resume = resuming(session, id);
  let next = open;
  for (let attempt = 1; !mine.signal.aborted; attempt++) {
    let failure: unknown = null;
    try {
      const response = await next(mine.signal);
      dispatch(session, { kind: "attached", turnId: response.headers.get("X-Turn-Id") });
      const hasEnded = await readTurn(
        response,
        (events) => {
          attempt = 1;
          next = resume;
          if (!mine.signal.aborted) dispatch(session, { kind: "received", events });
        },
        session.state.live?.awaited,
      );
      if (hasEnded) return finish(session, mine);
      // The server closed without an end: it has nothing more to tell, or it let a slow listener go.
      next = resume;
    } catch (error) {
      if (mine.signal.aborted) return;
      // A call that got through though its answer did not: the turn it started is the one that runs.
      if (attempt > 1 && problemOf(error).code === "turn_in_progress") next = resume;
      else if (!isPassing(error)) return next === resume ? await refuseResumed(session) : fail(session, error);
      failure = error;
    }
    if (attempt > patience) return giveUp(session, id, next, failure);
    dispatch(session, { kind: "lost" });
    await waitToReconnect(backOff(attempt, Math.random()), mine.signal);
    if (next === resume && (await endedMeanwhile(session, mine.signal))) return finish(session, mine);
  }
}

/** Goes on listening to what is under way, else to the question that waited longest, which the server asks by itself. */
export function resume(session: Session): void {
  const { conversationId, following } = session;
  if (!conversationId || (following && !following.signal.aborted)) return;
  if (!session.state.live) dispatch(session, { kind: "next" });
  if (session.state.live) void follow(session, conversationId, resuming(session, conversationId));
}

/** Attaches behind the last event that came. */
function resuming(session: Session, id: string): Open {
  return (signal) => attach(id, session.state.live?.turnId ?? null, session.state.live?.lastEventId ?? null, signal);
}

async function finish(session: Session, mine: AbortController): Promise<void> {
  if (session.following === mine) session.following = null;
  const { messages, head, failure } = session.state;
  const isUnanswered = messages.find(({ id }) => id === head)?.role === "user";
  // Taken back before it began: the stored tree knows nothing of it.
  if (isUnanswered && !failure) await reload(session).catch(() => {});
  session.onTurnEnd();
}

/** True where the answer came to its end while nobody listened. */
async function endedMeanwhile(session: Session, signal: AbortSignal): Promise<boolean> {
  const answer = session.state.live?.messageId;
  if (!session.conversationId || signal.aborted) return false;
  try {
    const { messages, head, waiting } = await readConversation(session.conversationId);
    if (messages.find(({ id }) => id === answer)?.status === "running" || signal.aborted) return false;
    dispatch(session, { kind: "loaded", messages, head, waiting });
    return session.state.live === null;
  } catch {
    // Still off line: the next attempt to attach reports what is wrong.
    return false;
  }
}

function giveUp(session: Session, id: string, next: Open, error: unknown): void {
  const { messageId = null, turnId = null } = session.state.live ?? {};
  session.retry = () => {
    dispatch(session, { kind: "answering", messageId, turnId });
    void follow(session, id, next);
  };
  fail(session, error);
}

/** The server knows of no turn to go on with: the stored tree knows better than this page does. */
async function refuseResumed(session: Session): Promise<void> {
  await reload(session).catch((failure: unknown) => fail(session, failure));
  if (session.state.live) dispatch(session, { kind: "settled" });
}
