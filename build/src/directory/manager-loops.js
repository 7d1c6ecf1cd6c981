// People who manage themselves, through others or at once: nobody outside could ever be asked.
/** Each loop in `managerOf` (person to manager) once, as the people on it in the order of who manages whom. */
export function managerLoops(managerOf) {
    const seen = new Set();
    const loops = [];
    for (const start of managerOf.keys()) {
        const way = wayUp(start, managerOf, seen);
        const last = way.at(-1);
        const entrance = last === undefined ? -1 : way.indexOf(managerOf.get(last) ?? '');
        if (entrance >= 0)
            loops.push(way.slice(entrance));
    }
    return loops;
}
/** From `start` up to whoever has no manager, or to the first person seen before, who is left out. */
function wayUp(start, managerOf, seen) {
    const way = [];
    let person = start;
    while (person !== undefined && !seen.has(person)) {
        seen.add(person);
        way.push(person);
        person = managerOf.get(person);
    }
    return way;
}
