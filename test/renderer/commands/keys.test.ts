import { describe, expect, test } from 'vitest';
import { bindingOf, isPress, keyCaps } from '#renderer/commands/keys.ts';

/** A key press as a browser reports it. */
function press(key: string, mods: ('Control' | 'Shift' | 'Alt')[] = [], code = key): KeyboardEvent {
  return {
    key,
    code,
    ctrlKey: mods.includes('Control'),
    shiftKey: mods.includes('Shift'),
    altKey: mods.includes('Alt'),
    metaKey: false,
    getModifierState: (mod: string) => mods.includes(mod as 'Control'),
  } as unknown as KeyboardEvent;
}

describe('what a press means', () => {
  test.each([
    ['$mod+k', press('k', ['Control']), true],
    ['$mod+k', press('k'), false],
    ['$mod+Shift+z', press('Z', ['Control', 'Shift']), true],
    ['$mod+z', press('Z', ['Control', 'Shift']), false],
    ['[Shift]+?', press('?', ['Shift']), true],
    ['[Shift]+?', press('?'), true],
    ['Digit1', press('&', [], 'Digit1'), true],
    ['Space', press(' ', [], 'Space'), true],
    ['[Shift]++', press('+', ['Shift']), true],
    ['1', press('1', ['Control']), false],
  ])('%s', (binding, event, expected) => {
    expect(isPress(event, binding)).toBe(expected);
  });
});

test('a chosen key is the binding of its press', () => {
  expect(bindingOf(press('Shift', ['Shift']))).toBeNull();
  for (const event of [
    press('q'),
    press('Q', ['Shift']),
    press('?', ['Shift']),
    press('k', ['Control']),
    press(' ', [], 'Space'),
    press('F5'),
    press('ArrowLeft', ['Alt']),
  ]) {
    const binding = bindingOf(event);
    expect(binding && isPress(event, binding)).toBe(true);
  }
});

test('caps of a binding', () => {
  expect(keyCaps('$mod+Shift+z')).toEqual(['Ctrl', 'Shift', 'Z']);
  expect(keyCaps('[Shift]+?')).toEqual(['?']);
  expect(keyCaps('Shift+Digit2')).toEqual(['Shift', '2']);
  expect(keyCaps('ArrowLeft')).toEqual(['←']);
  expect(keyCaps('i')).toEqual(['i']);
});
