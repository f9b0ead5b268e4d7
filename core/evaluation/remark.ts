// What the curves of a training say, in a sentence or two: over-training above all.
// Must not look at single films; the curve is enough.
import type { Epoch } from '#api/runs.ts';

export interface Training {
  curve: readonly Epoch[];
  /** Films to choose by. */
  choosing: number;
  /** Share of right answers on the learning films of one who always gives the commoner class. */
  learningMajority: number;
  epochs: number;
  patience: number | null;
  running: boolean;
}

export interface Remark {
  remark: string | null;
  /** Epoch since which it learns by heart: the best one. null when it does not. */
  memorisingSince: number | null;
}

/** Epochs without gain before anything is said, and over which the newest state is averaged. */
const patienceOfRemark = 3;
/** Rise of the checking loss, and fall of the learning loss, that together count as learning by heart. */
const checkingRise = 1.03;
const learningFall = 0.9;
/** Points above the commoner class below which nothing was learned. */
const learnedMargin = 0.02;
const fewestEpochs = 3;

/** The epoch whose weights are kept: the last that was the best so far; null before the first. */
export function bestEpoch(curve: readonly Epoch[]): Epoch | null {
  return curve.findLast((epoch) => epoch.best) ?? null;
}

/**
 * Memorising: since the epoch whose weights are kept, three or more ago, the loss on the learning films fell by a tenth and
 * more while that on the choosing films (mean of the last three epochs) rose by 3 % and more.
 */
export function remarkOn(training: Training): Remark {
  const { curve } = training;
  const best = bestEpoch(curve);
  const now = curve.at(-1);
  if (!best || !now || curve.length < fewestEpochs) return { remark: null, memorisingSince: null };
  const byHeart = learnedByHeart(training, best, now);
  if (byHeart !== null) return { remark: byHeart, memorisingSince: best.epoch };
  const recent = curve.slice(-patienceOfRemark);
  const checking = recent.reduce((sum, epoch) => sum + epoch.valLoss, 0) / recent.length;
  const passed = now.epoch - best.epoch;
  const memorises =
    passed >= patienceOfRemark && now.loss < learningFall * best.loss && checking > checkingRise * best.valLoss;
  if (memorises) return { remark: memorising(training, best, now), memorisingSince: best.epoch };
  return { remark: otherwise(training, best, passed), memorisingSince: null };
}

/** Better and better on the films it learns from, and never better than a coin on the others. */
function learnedByHeart({ choosing, learningMajority, running }: Training, best: Epoch, now: Epoch): string | null {
  if (best.valAuc === null || best.valAuc > 0.5 || now.epoch - best.epoch < patienceOfRemark) return null;
  if (now.accuracy < learningMajority + 5 * learnedMargin) return null;
  const [start, learns, checked, tells] = running
    ? ['It learns by heart', 'it learns from', 'it is checked on', 'tells']
    : ['It learned by heart', 'it learned from', 'it was checked on', 'told'];
  const learning = `right on ${Math.round(100 * now.accuracy)} % of the films ${learns}`;
  return `${start}: ${learning}, but on the ${choosing} ${checked} it ${tells} fractures no better than a coin (AUC ${best.valAuc.toFixed(2)}).`;
}

function memorising(training: Training, best: Epoch, now: Epoch): string {
  const { running, choosing } = training;
  const at = running ? 'now' : 'at the end';
  const is = running
    ? { begins: 'It has begun to memorise. Since', answers: 'answers', grows: 'grows', learns: 'it learns from' }
    : { begins: 'It memorised in the end. After', answers: 'answered', grows: 'grew', learns: 'it learned from' };
  const checked = `the ${choosing} ${running ? 'it is checked on' : 'it was checked on'}`;
  const [from, to] = [Math.round(100 * best.accuracy), Math.round(100 * now.accuracy)];
  const learning =
    to > from
      ? `${is.answers} better on the films ${is.learns} (${from} to ${to} %)`
      : `${is.grows} surer on the films ${is.learns} (loss ${best.loss.toFixed(2)}, ${at} ${now.loss.toFixed(2)})`;
  const shares = `${percent(best.valAccuracy)}, ${at} ${percent(now.valAccuracy)} %`;
  const losses = `loss ${best.valLoss.toFixed(2)}, ${at} ${now.valLoss.toFixed(2)}`;
  // More right answers at a higher loss: what is still wrong is wrong with more certainty.
  const checking =
    now.valAccuracy > best.valAccuracy
      ? `${is.grows} surer of what it gets wrong on ${checked} (${losses}; right ${shares})`
      : `no better on ${checked} (${shares})`;
  const joined = to > from || now.valAccuracy > best.valAccuracy ? 'and' : `and ${is.answers}`;
  const since = `${is.begins} epoch ${best.epoch} it ${learning} ${joined} ${checking}.`;
  return `${since} The weights of epoch ${best.epoch} are kept.${whenItStops(training, best)}`;
}

function whenItStops({ running, patience, epochs }: Training, best: Epoch): string {
  if (!running || patience === null || best.epoch + patience >= epochs) return '';
  return ` It stops by itself at epoch ${best.epoch + patience} unless the checking films improve.`;
}

function otherwise(training: Training, best: Epoch, passed: number): string | null {
  const { running, choosing, learningMajority } = training;
  const most = Math.max(...training.curve.map((epoch) => epoch.accuracy));
  if (most < learningMajority + learnedMargin) {
    const not = running ? 'It has not learned anything yet' : 'It has not learned anything';
    return `${not}: ${percent(most)} % right on the films it learns from at best, where always giving the commoner answer makes ${percent(learningMajority)} %.`;
  }
  const tooSure = overSure(training, best);
  if (tooSure !== null) return `${tooSure}${whenItStops(training, best)}`;
  if (passed === 0 && !running) {
    return `It was still getting better on the ${choosing} checking films when it ended: more epochs may help.`;
  }
  if (passed === 0) return `It is still getting better on the ${choosing} checking films.`;
  if (passed < patienceOfRemark) return null;
  const kept = `The weights of epoch ${best.epoch} are kept.`;
  return `Since epoch ${best.epoch} the ${choosing} checking films have not improved. ${kept}${whenItStops(training, best)}`;
}

/** The checking loss has long risen, yet what is kept came later: it learned on, only surer than it should be. */
function overSure({ curve, choosing, running }: Training, best: Epoch): string | null {
  const calm = curve.reduce((least, epoch) => (epoch.valLoss < least.valLoss ? epoch : least), best);
  if (best.epoch - calm.epoch < patienceOfRemark || best.valLoss <= checkingRise * calm.valLoss) return null;
  const losses = `loss ${calm.valLoss.toFixed(2)} then, ${best.valLoss.toFixed(2)} at epoch ${best.epoch}`;
  const sure = running
    ? 'it is surer than it should be of its answers'
    : 'it was surer than it should be of its answers';
  const [before, after] = [calm.valAuc ?? 0, best.valAuc ?? 0];
  const learned =
    after > before
      ? `, though it told fractures better (AUC ${before.toFixed(2)} then, ${after.toFixed(2)} at epoch ${best.epoch})`
      : '';
  const kept = `The weights of epoch ${best.epoch} are kept, their certainty toned down.`;
  return `Since epoch ${calm.epoch} ${sure} on the ${choosing} checking films (${losses})${learned}. ${kept}`;
}

const percent = (share: number) => (100 * share).toFixed(1);
