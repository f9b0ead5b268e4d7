// An answer in words, never without its probability, its threshold and what it rests on. Pure.
import type { Label } from '#api/labels.ts';
import type { Answer, ModelCard, Prediction, PredictionRow } from '#api/predictions.ts';
import { csvFile } from '#renderer/charts/csv.ts';
import { percent } from '#renderer/words/figures.ts';

const answerWord: Record<Answer, string> = { fracture: 'Fracture', whole: 'Whole', 'cannot tell': 'Cannot tell' };

export function wordOf(answer: Answer): string {
  return answerWord[answer];
}

/** The mark an answer wears: "cannot tell" that of uncertain. */
export function markOf(answer: Answer): Label {
  return answer === 'cannot tell' ? 'uncertain' : answer;
}

/** 0.8349 -> "0.83". */
export function probability(value: number): string {
  return value.toFixed(2);
}

/** What the figure beside the answer means. */
export function sentenceOf({ answer, threshold, model }: Prediction): string {
  const { cannotTell, checkedSure } = model;
  const band = cannotTell
    ? `between ${probability(cannotTell.from)} and ${probability(cannotTell.to)} it says “cannot tell”`
    : null;
  if (answer === 'cannot tell' && cannotTell) {
    return `Between ${probability(cannotTell.from)} and ${probability(cannotTell.to)} this network is right about half the time. Read it yourself.`;
  }
  const sure =
    answer === 'fracture' && checkedSure && checkedSure.films > 0
      ? `Of ${checkedSure.films} checking films answered this surely, ${checkedSure.right} ${checkedSure.right === 1 ? 'was a fracture' : 'were fractures'}. `
      : '';
  return `${sure}Threshold ${probability(threshold)}${band ? `; ${band}` : ''}.`;
}

/** "72.0 % of 107 films, 62.8 to 79.6 %", or that nobody has looked yet. */
export function testedWords({ test, imported }: Pick<ModelCard, 'test' | 'imported'>): string {
  if (imported !== undefined) return 'Imported: not measured here';
  if (!test) return 'Sealed: its judging films have not been opened';
  const [from, to] = test.interval95;
  return `${percent(test.accuracy)} of ${test.n} films, ${(from * 100).toFixed(1)} to ${percent(to)}`;
}

/** What stands beside an answer that several gave. */
export function ensembleWords(members: readonly number[]): string {
  return `${members.length} networks answer together, the runs ${members.join(', ')}: the mean of their logits. Where they looked is the mean of their maps.`;
}

/** Name of a film without folder and ending: "wrist_r_07". */
export function shortName(file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return name.replace(/\.[A-Za-z0-9]{2,5}(?= \(frame|$)/, '');
}

/** What a screen reader says of the bar. */
export function barWords({ probability: value, threshold, model: { cannotTell } }: Prediction): string {
  const said = `Probability of fracture ${probability(value)}; `;
  if (!cannotTell) return `${said}whole below ${probability(threshold)}, fracture from there on`;
  return `${said}whole below ${probability(cannotTell.from)}, cannot tell to ${probability(cannotTell.to)}, fracture above`;
}

/** All answers of a list as CSV, films without an answer too. */
export function answersCsv(rows: PredictionRow[], notice: string): string {
  const columns = [
    'file',
    'probability of fracture',
    'answer',
    'threshold',
    'model',
    'learned from',
    'refused',
    'reason',
  ];
  const cells = rows.map(({ prediction, refusal }) =>
    prediction
      ? [
          prediction.file,
          prediction.probability,
          prediction.answer,
          prediction.threshold,
          prediction.model.title,
          prediction.model.learnedFrom,
          null,
          null,
        ]
      : [refusal.path, null, null, null, null, null, refusal.code, refusal.reason],
  );
  return csvFile({
    columns: [...columns, 'notice'].map((name) => ({ name })),
    rows: cells.map((row) => [...row, notice]),
  });
}
