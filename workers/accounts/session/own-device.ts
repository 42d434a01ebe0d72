import { z } from "zod";
import type { Call } from "../../platform/open-operation.ts";
import { readSigned, signed } from "../../platform/secrets/signed-token.ts";
import { cookieIn, cookieLine } from "../cookies.ts";

const purpose = "device";
const year = 365 * 24 * 60 * 60;
/** People who share a browser and keep their own allowance of guesses there. */
const mostPeople = 5;
const claims = z.object({ people: z.array(z.string()).max(mostPeople) });

const deviceCookie = "understudy_device";

/** The people who have signed in from the browser that calls, the last one first. */
export async function peopleOf({ config, clock, headers }: Call): Promise<string[]> {
  const token = cookieIn(config, headers, deviceCookie);
  const found = token ? await readSigned(config, purpose, token, clock.now(), claims) : null;
  return found?.people ?? [];
}

/** Whether a person has signed in from the browser that calls. Opens nothing: it only gives them guesses of their own. */
export async function isOwnDevice(call: Call, userId: string | undefined): Promise<boolean> {
  return userId !== undefined && (await peopleOf(call)).includes(userId);
}

/** The cookie that makes the browser which calls one of a person's own, for a year. */
export async function ownDeviceCookie(call: Call, userId: string): Promise<string> {
  const { config, clock } = call;
  const others = (await peopleOf(call)).filter((id) => id !== userId);
  const said = { people: [userId, ...others].slice(0, mostPeople) };
  const now = clock.now();
  const token = await signed(config, purpose, said, { now, expiresAt: now + year * 1000 });
  return cookieLine(config, deviceCookie, token, year);
}
