import { describe, expect, it } from 'vitest';
import { resultSentence } from '#core/evaluation/sentence.ts';
import { shareOf } from '#core/evaluation/share.ts';

function sentence(right: number, of: number, majority: number, options = {}) {
  const accuracy = shareOf(right, of);
  const shares = { accuracy, sensitivity: accuracy, specificity: accuracy, ppv: accuracy, npv: accuracy };
  return resultSentence(
    { n: of, patients: 73, shares },
    { label: 'whole', share: majority },
    { patientsKnown: true, synthetic: false, ...options },
  );
}

describe('resultSentence', () => {
  it('says it as drawn', () => {
    expect(sentence(77, 107, 53 / 107)).toBe(
      '77 of 107 films of 73 patients, none of them seen in training. With so few films the true figure lies between ' +
        '62.8 and 79.6 % (95 % interval): clearly better than always answering “whole” (49.5 %), and level with the ' +
        'paper, whose 73.13 % was measured on other films.',
    );
  });

  it('claims nothing the interval does not show', () => {
    expect(sentence(60, 107, 0.495)).toContain('not shown to be better than always answering “whole” (49.5 %)');
    expect(sentence(40, 107, 0.495)).toContain(': worse than always answering “whole” (49.5 %), and below the paper');
    expect(sentence(88, 107, 0.82)).toContain('not shown to be better than');
    expect(sentence(100, 107, 0.495)).toContain('and above the paper, whose 73.13 % was measured on other films.');
    expect(sentence(60, 107, 0.495)).toContain('and below the paper');
  });

  it('says of how many, whose, and whether they are drawn', () => {
    expect(sentence(1, 1, 1, { patientsKnown: false })).toMatch(/^1 of 1 film, none of them/);
    expect(sentence(800, 1000, 0.5)).toContain('training. The true figure');
    expect(sentence(77, 107, 0.5, { synthetic: true })).toMatch(/drawn: this says nothing about X-rays of people\.$/);
  });
});
