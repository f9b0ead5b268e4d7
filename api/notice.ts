// The standing notice, apart from the contract: the window shows it before it needs any schema.

/** Stands on every surface that shows a result. */
export const NOTICE = 'Research and teaching. Not a medical device; not for diagnosis.';
