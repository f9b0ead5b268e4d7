// Colours and font of figures, read from the theme's tokens, and telling when the theme changes.
// Must not hold a colour of its own but paper's white.
import { createSubscriber } from 'svelte/reactivity';
import type { Tone } from './figure.ts';

export interface Palette {
  tones: Record<Tone, string>;
  background: string;
  /** Behind words that tell of a point. */
  plate: string;
  grid: string;
  /** Below a curve. */
  wash: string;
  warn: string;
  font: string;
}

const tokens: Record<Tone, string> = {
  learn: '--curve-learn',
  check: '--curve-check',
  ghost: '--curve-ghost',
  accent: '--accent',
  strong: '--text-1',
  plain: '--text-2',
  faint: '--text-3',
};

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    tones: Object.fromEntries(Object.entries(tokens).map(([tone, name]) => [tone, token(name)])) as Record<
      Tone,
      string
    >,
    background: token('--bg-0'),
    plate: token('--bg-2'),
    grid: token('--line'),
    wash: token('--accent-soft'),
    warn: token('--warn'),
    font: token('--font'),
  };
}

const follow = createSubscriber((update) => {
  const changed = new MutationObserver(update);
  changed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const contrast = matchMedia('(prefers-contrast: more)');
  contrast.addEventListener('change', update);
  return () => {
    changed.disconnect();
    contrast.removeEventListener('change', update);
  };
});

/** The palette of the theme that shows now; whoever reads it in an effect is told when it changes. */
export function themePalette(): Palette {
  follow();
  return paletteOf(document.documentElement);
}

/** For paper: the light theme's colours on white. */
export function paperPalette(): Palette {
  const probe = document.createElement('div');
  probe.dataset['theme'] = 'light';
  probe.hidden = true;
  document.body.append(probe);
  const palette = paletteOf(probe);
  probe.remove();
  return { ...palette, background: '#ffffff' };
}
