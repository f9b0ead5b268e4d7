// The version of the preparation of films for a network.
// Must stay without imports: who only needs the number must not load what decodes films.

/** Raised whenever `prepare` gives other bytes for a film: caches are made anew, and a model names the one it learned with. */
export const PREPARE_VERSION = 1;
