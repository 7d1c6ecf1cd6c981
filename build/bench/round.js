// Plays many stories, so many of them at once, and takes the time of each step.
export const STEPS = ['open', 'vote', 'reveal', 'outcome'];
/** Each worker plays one story after another until none is left. */
export async function playRound(stories, workers) {
    const times = { open: [], vote: [], reveal: [], outcome: [] };
    const left = [...stories];
    const play = async (worker) => {
        for (let story = left.pop(); story !== undefined; story = left.pop()) {
            for (const step of STEPS)
                times[step].push(await timed(() => story[step](worker)));
        }
    };
    const took = await timed(() => Promise.all(workers.map(play)));
    return { storiesPerSecond: (stories.length / took) * 1_000, times };
}
/** Milliseconds that the work took. */
export async function timed(work) {
    const start = performance.now();
    await work();
    return performance.now() - start;
}
