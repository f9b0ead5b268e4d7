// What a training would use, in sentences: the headline, what was chosen and why, and the checks.
// Must not decide anything: the plan says what is so.
import { plannedEpochs } from '#api/runs.ts';
import type { RunPlan, RunSettings } from '#api/runs.ts';
import type { Several } from '#api/series.ts';
import type { XrayFilter } from '#api/xrays.ts';
import { aboutSpan } from '#renderer/charts/words.ts';
import { count, many } from '#renderer/words/figures.ts';
import { sourcesSentence } from './source-words.ts';

/** "713 labelled films of 486 patients are ready" */
export function planHeadline(plan: RunPlan): string {
  const films = `${many(plan.films, 'labelled film')}${ofPatients(plan, plan.patients)}`;
  const one = plan.films === 1;
  if (plan.films === 0) return 'No film is labelled yet';
  return plan.ready ? `${films} ${one ? 'is' : 'are'} ready` : `${films} ${one ? 'is' : 'are'} not enough yet`;
}

/** "499 films of 340 patients"; where no patient is known, films alone. */
export function filmsOfPatients(plan: RunPlan, { films, patients }: { films: number; patients: number }): string {
  return `${many(films, 'film')}${ofPatients(plan, patients)}`;
}

function ofPatients({ patientsKnown }: RunPlan, patients: number): string {
  return patientsKnown ? ` of ${many(patients, 'patient')}` : '';
}

/** The whole of the plan: shares of the parts, network, size, epochs, how often, time, and what is left out. */
export function planSentence(
  plan: RunPlan,
  settings: RunSettings,
  network: string,
  several: Several | null = null,
): string {
  const parts = partShares(plan);
  const sentences: string[] = [];
  if (parts)
    sentences.push(`${parts.learn} % to learn from, ${parts.choose} % to choose by, ${parts.judge} % to judge with.`);
  const epochs = `${settings.patience === null ? '' : 'at most '}${many(plannedEpochs(settings), 'epoch')}`;
  const seconds = plan.secondsExpected === null ? null : plan.secondsExpected * (several?.count ?? 1);
  const time = seconds === null ? '' : `, ${aboutSpan(seconds)} ${several ? 'in all ' : ''}on this computer`;
  const times = several ? `, ${several.count} times` : '';
  sentences.push(`${network}: ${settings.size} × ${settings.size} pixels, ${epochs}${times}${time}.`);
  if (several) sentences.push(severalSentence(several));
  for (const more of [sourcesSentence(plan, settings), leftOut(plan)]) if (more) sentences.push(more);
  return sentences.join(' ');
}

/** What several runs are for. */
function severalSentence({ kind, count }: Several): string {
  return kind === 'seeds'
    ? `The ${count} runs differ by their seed: they end with mean and spread, and answer together as one.`
    : `Each of the ${count} folds is chosen by once, the others are learned from; the judging films stay sealed.`;
}

/** What WebAssembly costs against the native library. `wanted`: chosen, not for want of it. */
export function wasmCost(wanted: boolean): string {
  const why = wanted ? 'WebAssembly is chosen as the engine' : 'TensorFlow runs as WebAssembly on this computer';
  const way = wanted
    ? '“By itself” takes the native library.'
    : 'Settings, Engine, says how to get the native library.';
  return `${why}: it learns the same, 10 to 15 times slower than the native library. ${way}`;
}

/** Whole percentages of the parts that make 100 together (largest remainder); null without films. */
export function partShares({ parts }: Pick<RunPlan, 'parts'>): Record<'learn' | 'choose' | 'judge', number> | null {
  const all = parts.reduce((sum, { films }) => sum + films, 0);
  if (all === 0) return null;
  const exact = parts.map(({ part, films }) => ({ part, share: (100 * films) / all }));
  const shares = { learn: 0, choose: 0, judge: 0 };
  for (const { part, share } of exact) shares[part] = Math.floor(share);
  const missing = 100 - Object.values(shares).reduce((sum, share) => sum + share, 0);
  const byRest = exact.toSorted((a, b) => (b.share % 1) - (a.share % 1));
  for (const { part } of byRest.slice(0, missing)) shares[part]++;
  return shares;
}

function leftOut({ uncertain, unread }: RunPlan): string | null {
  const are = uncertain + unread === 1 ? 'is' : 'are';
  if (uncertain > 0 && unread > 0)
    return `${many(uncertain, 'uncertain film')} and ${count(unread)} not yet read are left out.`;
  if (uncertain > 0) return `${many(uncertain, 'uncertain film')} ${are} left out.`;
  if (unread > 0) return `${many(unread, 'film')} not yet read ${are} left out.`;
  return null;
}

export interface Check {
  state: 'good' | 'warn';
  text: string;
  /** Films it is about. */
  show: XrayFilter | null;
}

/** What was looked at before a training may begin. */
export function checksOf(plan: RunPlan): Check[] {
  if (plan.films === 0) return [];
  const checks: Check[] = [];
  const add = (when: boolean, state: Check['state'], text: string, show: XrayFilter | null = null) => {
    if (when) checks.push({ state, text, show });
  };
  const lone = plan.withoutPatient;
  add(plan.patientsKnown, 'good', 'No patient stands in two parts');
  add(plan.twins > 0, 'good', `${many(plan.twins, 'near-duplicate')} kept together`);
  const own = lone === 1 ? 'it counts as its own' : 'each counts as its own';
  const labelled = { problem: ['no-patient' as const], label: ['fracture', 'whole'] };
  add(plan.patientsKnown && lone > 0, 'warn', `${many(lone, 'film')} without a patient: ${own}`, labelled);
  add(!plan.patientsKnown, 'warn', 'No film has a patient: films of one patient may stand in two parts');
  const { contradictory: torn } = plan;
  add(torn.length > 0, 'warn', `${many(torn.length, 'film')} with both labels left out`, { ids: torn });
  const drawn = plan.synthetic;
  const which =
    drawn === plan.films ? `All ${count(drawn)} films are` : `${count(drawn)} of ${count(plan.films)} films are`;
  add(drawn > 0, 'warn', `${which} synthetic: drawn by Osteon, not X-rays of people`);
  return checks;
}

/** Whether the films to judge with are still unseen, in a word or two. */
export function sealWord(opened: number): string {
  return opened === 0
    ? 'sealed'
    : `opened ${opened === 1 ? 'once' : opened === 2 ? 'twice' : `${count(opened)} times`}`;
}
