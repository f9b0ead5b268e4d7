// An error the user can act on, thrown anywhere in the core. Everything else that is thrown is a fault of ours.
import { nextOf, sentenceOf } from '#api/problems.ts';
import type { ProblemCode, ProblemValues } from '#api/problems.ts';

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly values: ProblemValues;
  constructor(code: ProblemCode, values: ProblemValues = {}, options?: ErrorOptions) {
    super(sentenceOf(code, values), options);
    this.name = 'Problem';
    this.code = code;
    this.values = values;
  }
  get next(): string {
    return nextOf(this.code, this.values);
  }
}

/** The form an error takes inside a row or a job. */
export interface ProblemRow {
  code: string;
  message: string;
  next: string;
}

/** What the system says of a path, in words. */
const pathReasons: Record<string, string> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of it is not a folder',
  EEXIST: 'something else is there',
  EISDIR: 'it is a folder',
  ENOTEMPTY: 'it is not empty',
  EACCES: 'the system does not allow it',
  EPERM: 'the system does not allow it',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/** What the system says of a disk, in words. */
const diskReasons: Record<string, string> = {
  EIO: 'it reports a fault',
  EFBIG: 'the file grew larger than it takes',
  EROFS: 'it is read-only',
  SQLITE_READONLY: 'it is read-only',
};

/** Any error as words: a problem as itself, a path, a full or failing disk by name; null for a fault of ours. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return null;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return new Problem('DISK_FULL', {}, { cause: error });
  const failing = code.startsWith('SQLITE_IOERR') ? diskReasons['EIO'] : diskReasons[code];
  if (failing) return new Problem('DISK_FAILED', { reason: failing }, { cause: error });
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new Problem('LIBRARY_LOCKED', {}, { cause: error });
  const { path } = error as { path?: unknown };
  const reason = pathReasons[code];
  return typeof path === 'string' && reason ? new Problem('PATH_UNUSABLE', { path, reason }, { cause: error }) : null;
}

export function problemRow(error: unknown): ProblemRow {
  const { code, message, next } = toProblem(error) ?? new Problem('INTERNAL', {}, { cause: error });
  return { code, message, next };
}
