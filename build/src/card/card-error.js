// The faults of this folder: a caller handed in what a refusal should have stopped before.
/** Thrown, never shown to a person. Its message names sizes only, never bytes. */
export class CardError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = 'CardError';
        this.code = code;
    }
}
