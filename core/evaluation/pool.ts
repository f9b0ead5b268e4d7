// What several networks say together: the mean of their logits (docs/decisions/0015). Pure.
import { inverseLogit, logit } from './threshold.ts';

/**
 * Probability of fracture of each film: the logistic function of the mean of the members' logits. A member that is surer
 * than 0.9997 counts as sure as that, so that none outweighs all others.
 * @param members what each answered, on the same films in the same order
 */
export function pool(members: readonly ArrayLike<number>[]): number[] {
  const [first] = members;
  if (!first) throw new Error('nobody answers');
  if (members.some(({ length }) => length !== first.length)) throw new Error('members answered on different films');
  return Array.from(first, (_, film) => {
    const sum = members.reduce((all, answers) => all + logit(answers[film] ?? Number.NaN), 0);
    return inverseLogit(sum / members.length);
  });
}
