// Reads the calendar files that a policy names, from beside the policy.
import { dirname, join } from 'node:path';
import { calendarFilesOf, type CalendarTexts } from '../approval/policy-file.js';

/** One that cannot be read is left out: the policy then names it as a problem, with its line. */
export async function readPolicyCalendars(policyFile: string, text: string, readFile: (path: string) => Promise<string>): Promise<CalendarTexts> {
  const texts = new Map<string, string>();
  for (const name of calendarFilesOf(text)) {
    const content = await readFile(join(dirname(policyFile), name)).catch(() => null);
    if (content !== null) texts.set(name, content);
  }
  return texts;
}
