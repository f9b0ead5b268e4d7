import { describe, expect, it } from 'vitest';
import type { Epoch } from '#api/runs.ts';
import { bestEpoch, remarkOn } from '#core/evaluation/remark.ts';
import type { Training } from '#core/evaluation/remark.ts';

// The curves of the mock-up of the Train page.
const loss = [
  0.692, 0.668, 0.64, 0.612, 0.588, 0.566, 0.548, 0.53, 0.512, 0.47, 0.431, 0.392, 0.353, 0.312, 0.272, 0.232, 0.2,
];
const accuracy = [0.53, 0.58, 0.62, 0.66, 0.69, 0.71, 0.72, 0.74, 0.75, 0.79, 0.82, 0.85, 0.87, 0.89, 0.91, 0.93, 0.94];
const valLoss = [
  0.689, 0.671, 0.646, 0.621, 0.598, 0.577, 0.558, 0.541, 0.53, 0.536, 0.549, 0.556, 0.581, 0.603, 0.622, 0.651, 0.668,
];
const right = [58, 63, 68, 72, 75, 76, 78, 79, 81, 79, 78, 80, 77, 78, 76, 79, 77];

function curve(change: (epoch: Epoch) => Partial<Epoch> = () => ({})): Epoch[] {
  return loss.map((_, place) => {
    const epoch: Epoch = {
      epoch: place + 1,
      loss: loss[place]!,
      accuracy: accuracy[place]!,
      valLoss: valLoss[place]!,
      valAccuracy: right[place]! / 107,
      valAuc: 0.8,
      imagesPerSecond: 610,
      seconds: 0.8,
      best: place < 9,
    };
    return { ...epoch, ...change(epoch) };
  });
}

const training = (change: Partial<Training> = {}): Training => ({
  curve: curve(),
  choosing: 107,
  learningMajority: 0.5,
  epochs: 25,
  patience: 10,
  running: true,
  ...change,
});

describe('remarkOn', () => {
  it('says that it memorises, as drawn', () => {
    expect(remarkOn(training())).toEqual({
      memorisingSince: 9,
      remark:
        'It has begun to memorise. Since epoch 9 it answers better on the films it learns from (75 to 94 %) and no ' +
        'better on the 107 it is checked on (75.7, now 72.0 %). The weights of epoch 9 are kept. It stops by itself at ' +
        'epoch 19 unless the checking films improve.',
    });
  });

  it('says it in the past once over', () => {
    const { remark } = remarkOn(training({ running: false }));
    expect(remark).toBe(
      'It memorised in the end. After epoch 9 it answered better on the films it learned from (75 to 94 %) and no ' +
        'better on the 107 it was checked on (75.7, at the end 72.0 %). The weights of epoch 9 are kept.',
    );
  });

  it('never says "no better" where more answers are right', () => {
    const risen = curve(({ epoch }) => (epoch > 15 ? { valAccuracy: 0.8 } : {}));
    const { remark } = remarkOn(training({ curve: risen }));
    expect(remark).toContain('grows surer of what it gets wrong on the 107 it is checked on (loss 0.53, now 0.67;');
    expect(remark).not.toContain('no better');
  });

  it('never says "better" where the learning films stand at the same share', () => {
    const { remark } = remarkOn(training({ curve: curve(() => ({ accuracy: 0.9 })) }));
    expect(remark).toContain('it grows surer on the films it learns from (loss 0.51, now 0.20) and answers no better');
  });

  it('tells a network that learns on but grows too sure from one that memorises', () => {
    const later = curve(({ epoch }) => ({ best: epoch < 10 || epoch === 17, valAuc: 0.7 + epoch / 100 }));
    expect(remarkOn(training({ curve: later }))).toEqual({
      memorisingSince: null,
      remark:
        'Since epoch 9 it is surer than it should be of its answers on the 107 checking films (loss 0.53 then, 0.67 at ' +
        'epoch 17), though it told fractures better (AUC 0.79 then, 0.87 at epoch 17). The weights of epoch 17 are kept, ' +
        'their certainty toned down.',
    });
    const same = later.map((epoch) => ({ ...epoch, valAuc: 0.7 }));
    expect(remarkOn(training({ curve: same })).remark).not.toContain('AUC');
  });

  it('says when nothing that is learned holds', () => {
    const never = curve(({ epoch }) => ({ best: epoch < 3, valAuc: 0.46 }));
    expect(remarkOn(training({ curve: never }))).toEqual({
      memorisingSince: 2,
      remark:
        'It learns by heart: right on 94 % of the films it learns from, but on the 107 it is checked on it tells ' +
        'fractures no better than a coin (AUC 0.46).',
    });
  });

  it('tells learning on from standing still and from not learning', () => {
    const first = curve().slice(0, 9);
    expect(remarkOn(training({ curve: first })).remark).toBe('It is still getting better on the 107 checking films.');
    expect(remarkOn(training({ curve: first, running: false })).remark).toContain('more epochs may help');
    const still = curve(({ epoch }) => (epoch > 9 ? { loss: 0.51, valLoss: 0.531 } : {}));
    expect(remarkOn(training({ curve: still }))).toMatchObject({
      memorisingSince: null,
      remark: expect.stringMatching(/^Since epoch 9 the 107 checking films have not improved\./) as string,
    });
    const never = curve(() => ({ accuracy: 0.51, loss: 0.693, valLoss: 0.693 }));
    expect(remarkOn(training({ curve: never })).remark).toContain('It has not learned anything yet: 51.0 % right');
  });

  it('says nothing of two epochs', () => {
    expect(remarkOn(training({ curve: curve().slice(0, 2) }))).toEqual({ remark: null, memorisingSince: null });
  });
});

describe('bestEpoch', () => {
  it('is the last that was the best so far', () => {
    expect(bestEpoch(curve())?.epoch).toBe(9);
    expect(bestEpoch([])).toBeNull();
  });
});
