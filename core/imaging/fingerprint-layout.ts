// How the bytes of a fingerprint are laid out: the hash, then the grey copy.
// Must stay without imports: the core compares fingerprints without loading what decodes films.

/** Bytes of perceptual hash. */
export const HASH_BYTES = 8;

/** Side of the grey copy. */
export const COPY_SIDE = 24;

export const FINGERPRINT_BYTES = HASH_BYTES + COPY_SIDE * COPY_SIDE;
