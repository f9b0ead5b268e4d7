// What does not fit the contract, in the words of who gave it. Must not know any procedure.

/** As zod says it; `path` leads to the value. */
export interface Issue {
  message: string;
  path?: unknown[];
  code?: string;
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  inclusive?: boolean;
}

/** {path: ['settings', 'learningRate'], …} -> "the learning rate must be greater than 0". */
export function issueInWords(issue: Issue): string {
  const bound = boundInWords(issue);
  return bound ? `the ${nameOf(issue)} ${bound}` : `${nameOf(issue)}: ${issue.message}`;
}

function boundInWords({ code, origin, minimum, maximum, inclusive = true }: Issue): string | null {
  const isNumber = origin === 'number' || origin === 'int';
  if (code === 'too_small' && isNumber) return `must be ${inclusive ? 'at least' : 'greater than'} ${said(minimum)}`;
  if (code === 'too_big' && isNumber) return `must be ${inclusive ? 'at most' : 'less than'} ${said(maximum)}`;
  if (code === 'too_small' && origin === 'string') return 'must not be empty';
  if (code === 'too_big' && origin === 'string') return `must be no longer than ${said(maximum)} characters`;
  return null;
}

function said(bound: number | bigint | undefined): string {
  return (bound ?? 0).toLocaleString('en');
}

function nameOf({ path = [] }: Issue): string {
  const name = path.findLast((part) => typeof part === 'string');
  if (name === undefined) return 'request';
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
