// Who fills which place when one person may fill only one: a maximum bipartite matching.
/**
 * Gives as many places as can be given, and in the order of `people`: whoever got a place keeps one when a
 * later person needs theirs, if need be in another stage. `fits` says who may stand where.
 * (Augmenting paths: H. W. Kuhn, "The Hungarian Method for the Assignment Problem", 1955.)
 */
export function fillPlaces(counts, people, fits) {
    const places = counts.map(() => []);
    for (const person of people)
        place(person, new Set());
    return places;
    function place(person, visited) {
        for (const [stage, standing] of places.entries()) {
            if (visited.has(stage) || !fits(person, stage))
                continue;
            visited.add(stage);
            if (standing.length < (counts[stage] ?? 0)) {
                standing.push(person);
                return true;
            }
            const leaving = standing.findIndex((other) => place(other, visited));
            if (leaving >= 0) {
                standing[leaving] = person;
                return true;
            }
        }
        return false;
    }
}
