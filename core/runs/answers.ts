// What was answered on judging films, film by film, once they are open.
// Must not open them.
import type { JudgedAnswer } from '#api/runs.ts';
import { xraysByIds } from '#db/xrays.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';

export function judgedAnswers(
  { db }: OpenLibrary,
  answered: { xray_id: number; label: string; probability: number | null }[],
  threshold: number,
): JudgedAnswer[] {
  const ids = answered.map((film) => film.xray_id);
  const films = new Map(xraysByIds(db, ids).map((film) => [film.id, film]));
  return answered.map(({ xray_id: id, label, probability }) => ({
    xray: id,
    file: films.get(id)?.file ?? '',
    patient: films.get(id)?.patient ?? null,
    label: label as JudgedAnswer['label'],
    answer: (probability ?? 0) >= threshold ? 'fracture' : 'whole',
    probability: probability ?? 0,
  }));
}
