// Faults of the audit: its key, its file, or what it was handed to go on from.
/** The audit cannot go on. The message says what to do next. */
export class AuditError extends Error {
    code;
    constructor(code, message, cause) {
        super(message, { cause });
        this.name = 'AuditError';
        this.code = code;
    }
}
