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

/** Any error as words: a problem as itself, a full or failing disk by name, the rest as a fault of ours. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return null;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return new Problem('DISK_FULL', {}, { cause: error });
  if (
    code === 'EIO' ||
    code === 'EFBIG' ||
    code === 'EROFS' ||
    code.startsWith('SQLITE_IOERR') ||
    code === 'SQLITE_READONLY'
  ) {
    return new Problem('DISK_FAILED', { reason: code }, { cause: error });
  }
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new Problem('LIBRARY_LOCKED', {}, { cause: error });
  return null;
}

export function problemRow(error: unknown): ProblemRow {
  const problem = toProblem(error);
  if (problem) return { code: problem.code, message: problem.message, next: problem.next };
  return {
    code: 'INTERNAL',
    message: 'Something in Osteon went wrong; what was saved before is safe.',
    next: 'Try again. If it happens once more, look into the log and report it.',
  };
}
