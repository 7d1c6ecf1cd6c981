// A limit for what may never answer.

/** Thrown when the time is over. What was begun may still happen. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** The outcome of `work`, or TooSlow after `ms` milliseconds. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
