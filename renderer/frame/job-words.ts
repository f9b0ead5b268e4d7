// How far a job is, in words and as a share.
import type { Job } from '#api/jobs.ts';
import { count } from '#renderer/words/figures.ts';
import { span } from '#renderer/words/times.ts';

/** Share of the work below which a time left would be a guess. */
const TOO_EARLY = 0.02;

/** 0 to 1; null while the whole is not known. */
export function share({ done, total }: Pick<Job, 'done' | 'total'>): number | null {
  return total === null || total === 0 ? null : done / total;
}

/** "812 of 4,024, 1 min 40 s left"; epochs by name, once there is one: "epoch 17 of 25, 7 s left". */
export function howFar(job: Pick<Job, 'done' | 'total' | 'unit' | 'secondsLeft'>): string {
  if (job.unit === 'epochs' && job.done === 0) return 'getting ready';
  const early = job.total !== null && job.done < job.total * TOO_EARLY;
  const left = job.secondsLeft === null || early ? '' : `, ${span(job.secondsLeft)} left`;
  const unit = job.unit === 'epochs' ? 'epoch ' : '';
  if (job.total === null) return job.done > 0 ? `${unit}${count(job.done)}${left}` : '';
  return `${unit}${count(job.done)} of ${count(job.total)}${left}`;
}
