// Results in words and rows: the headline, the figures with their intervals, what a small group is called.
// Must not compute figures: they come from the run.
import type { ExportedRun, Run, Share, TestFigures } from '#api/runs.ts';
import type { Table } from '#renderer/charts/figure.ts';
import { count, many, percent } from '#renderer/words/figures.ts';
import { moment } from '#renderer/words/times.ts';

/** Groups smaller than this are marked: their interval is wider than 40 points. */
export const FEW_FILMS = 20;

/** "72.0 % of the judging films answered rightly" */
export function resultHeadline({ accuracy }: Pick<TestFigures, 'accuracy'>): string {
  return `${percent(accuracy)} of the judging films answered rightly`;
}

/** "Run 12: Paper preset, 28 × 28, today, 13:58" */
export function runTitle({ id, title, startedAt, state }: Pick<Run, 'id' | 'title' | 'startedAt' | 'state'>): string {
  const end = state === 'failed' ? ', failed' : state === 'running' ? ', learning' : '';
  return `Run ${id}: ${title}, ${moment(startedAt)}${end}`;
}

/** "Notebook, figures and model are in D:\\runs\\osteon-run-3." */
export function notebookWritten({ folder, sealed }: Pick<ExportedRun, 'folder' | 'sealed'>): string {
  return `Notebook, figures and model are in ${folder}${sealed ? '; the judging films stay sealed' : ''}.`;
}

/** "Judging films opened 3 times" */
export function openingsWord(openings: number): string {
  if (openings === 0) return 'Judging films sealed, never opened';
  return `Judging films opened ${openings === 1 ? 'once' : openings === 2 ? 'twice' : `${count(openings)} times`}`;
}

/** "opened twice so far, by runs of this split"; what stands beside the button that opens them once more. */
export function openedSoFar(openings: number): string {
  return openings === 0
    ? 'never opened so far'
    : `${openingsWord(openings).toLowerCase().replace('judging films ', '')} so far, by runs of this split`;
}

export interface FigureRow {
  name: string;
  /** For files: the field's own word. */
  term: string;
  share: Share;
}

/** The four shares of the Results page. */
export function figureRows({ shares }: Pick<TestFigures, 'shares'>): FigureRow[] {
  return [
    { name: 'Fractures found', term: 'sensitivity', share: shares.sensitivity },
    { name: 'Whole left whole', term: 'specificity', share: shares.specificity },
    { name: 'Right when it says F', term: 'positive predictive value', share: shares.ppv },
    { name: 'Right when it says W', term: 'negative predictive value', share: shares.npv },
  ];
}

/** Body parts, weakest first; none where the films' body parts are not known. */
export function bodyPartRows({
  bodyParts,
}: Pick<TestFigures, 'bodyParts'>): { name: string; share: Share; few: boolean }[] {
  if (bodyParts.every(({ bodyPart }) => bodyPart === 'unknown')) return [];
  return bodyParts.map(({ bodyPart, share }) => ({
    name: bodyPart.charAt(0).toUpperCase() + bodyPart.slice(1),
    share,
    few: share.of < FEW_FILMS,
  }));
}

/** All figures with their intervals, for a file. */
export function figuresTable(run: number, figures: TestFigures): Pick<Table, 'columns' | 'rows'> {
  const columns = ['run', 'group', 'figure', 'value', '95 % interval from', '95 % interval to', 'right', 'of'];
  const row = (group: string, figure: string, { value, interval95, right, of }: Share) => [
    run,
    group,
    figure,
    value,
    ...interval95,
    right,
    of,
  ];
  const { auc, aucInterval95, majority, threshold, n } = figures;
  return {
    columns: columns.map((name) => ({ name })),
    rows: [
      row('all', 'accuracy', figures.shares.accuracy),
      [run, 'all', 'AUC', auc, ...aucInterval95, null, n],
      ...figureRows(figures).map(({ term, share }) => row('all', term, share)),
      [run, 'all', 'always answering the commoner class', majority, null, null, null, n],
      [run, 'all', 'threshold', threshold, null, null, null, null],
      ...figures.bodyParts.map(({ bodyPart, share }) => row(bodyPart, 'accuracy', share)),
    ],
  };
}

/** One judging film as the run answered it. */
export interface FilmAnswer {
  xray: number;
  file: string;
  patient: string | null;
  label: 'fracture' | 'whole';
  answer: 'fracture' | 'whole';
  probability: number;
}

/** Films answered wrongly, the surest of its mistake first. */
export function mostWrong(answers: readonly FilmAnswer[]): FilmAnswer[] {
  const doubt = ({ label, probability }: FilmAnswer) => (label === 'fracture' ? probability : 1 - probability);
  return answers.filter(({ label, answer }) => label !== answer).sort((a, b) => doubt(a) - doubt(b));
}

export function answersTable(run: number, answers: readonly FilmAnswer[]): Pick<Table, 'columns' | 'rows'> {
  const columns = ['run', 'film', 'file', 'patient', 'label', 'answer', 'probability of fracture'];
  return {
    columns: columns.map((name) => ({ name })),
    rows: answers.map(({ xray, file, patient, label, answer, probability }) => [
      run,
      xray,
      file,
      patient,
      label,
      answer,
      probability,
    ]),
  };
}

/** "107 films of 73 patients"; films alone where each counts as a patient of its own. */
export function judgedFilms({ films, patients }: { films: number; patients: number }): string {
  return `${many(films, 'film')}${patients < films ? ` of ${many(patients, 'patient')}` : ''}`;
}
