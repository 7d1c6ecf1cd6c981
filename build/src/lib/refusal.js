// An expected "no" is a value with a reason from a closed union; a fault is thrown. The two are never mixed.
export function refuse(refused, detail) {
    return detail === undefined ? { refused } : { refused, detail };
}
export function isRefused(value) {
    return typeof value === 'object' && value !== null && 'refused' in value;
}
