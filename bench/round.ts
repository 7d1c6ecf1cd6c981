// Plays many stories, so many of them at once, and takes the time of each step.

export const STEPS = ['open', 'vote', 'reveal', 'outcome'] as const;
export type StepName = (typeof STEPS)[number];

/** One story to be played once, by a worker (a connection, where it needs one). */
export type Story<Worker> = Readonly<Record<StepName, (worker: Worker) => Promise<void>>>;

export interface Round {
  readonly storiesPerSecond: number;
  /** The CPU time that this process (not PostgreSQL) spent on each story, in milliseconds: it says more on a busy machine. */
  readonly cpuMs: number;
  /** Milliseconds, one number a story. */
  readonly times: Readonly<Record<StepName, readonly number[]>>;
}

/** Each worker plays one story after another until none is left. */
export async function playRound<Worker>(stories: readonly Story<Worker>[], workers: readonly Worker[]): Promise<Round> {
  const times: Record<StepName, number[]> = { open: [], vote: [], reveal: [], outcome: [] };
  const left = [...stories];
  const play = async (worker: Worker): Promise<void> => {
    for (let story = left.pop(); story !== undefined; story = left.pop()) {
      for (const step of STEPS) times[step].push(await timed(() => story[step](worker)));
    }
  };
  const before = process.cpuUsage();
  const took = await timed(() => Promise.all(workers.map(play)));
  const { user, system } = process.cpuUsage(before);
  return { storiesPerSecond: (stories.length / took) * 1_000, cpuMs: (user + system) / 1_000 / stories.length, times };
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
