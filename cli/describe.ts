// A procedure's own sentence is its help on the command line.
import type { AnyContractProcedure } from '@orpc/contract';

export function sentence(procedure: AnyContractProcedure): string {
  const schema = procedure['~orpc'].inputSchema as { description?: string } | undefined;
  return schema?.description ?? '';
}
