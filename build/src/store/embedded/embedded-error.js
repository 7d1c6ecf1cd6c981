// Why the embedded PostgreSQL could not be had.
/** A fault of the embedded PostgreSQL. The message is a sentence that says what to do, and holds no secret. */
export class EmbeddedError extends Error {
    code;
    constructor(code, message, cause) {
        super(message, { cause });
        this.name = 'EmbeddedError';
        this.code = code;
    }
}
