// Key bindings: which press means which, and how a binding is shown on a key cap.
import { matchKeybindingPress, parseKeybinding } from 'tinykeys';

const parsed = new Map<string, ReturnType<typeof parseKeybinding>[number]>();

/** Whether a key press is the binding. Only single presses; sequences are not used. */
export function isPress(event: KeyboardEvent, binding: string): boolean {
  let press = parsed.get(binding);
  if (!press) {
    [press] = parseKeybinding(binding);
    if (!press) return false;
    parsed.set(binding, press);
  }
  return matchKeybindingPress(event, press);
}

const apple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const caps: Record<string, string> = {
  $mod: apple ? '⌘' : 'Ctrl',
  Control: 'Ctrl',
  Meta: '⌘',
  Alt: apple ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'Page up',
  PageDown: 'Page down',
};

/** Key caps of a binding, in order: "$mod+Shift+z" -> ["Ctrl", "Shift", "Z"]. Optional modifiers are not shown. */
export function keyCaps(binding: string): string[] {
  const parts = binding.split(/(?<=\w|\])\+/).filter((part) => !part.startsWith('['));
  return parts.map((part, at) => {
    const named = caps[part];
    if (named) return named;
    const key = part.replace(/^(Digit|Key|Numpad)(?=.)/, '');
    return key.length === 1 && parts.length > 1 && at === parts.length - 1 ? key.toUpperCase() : key;
  });
}

/** The binding a key press would be, for choosing a new one; null for a modifier alone. */
export function bindingOf(event: KeyboardEvent): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph'].includes(event.key)) return null;
  const mods: string[] = [];
  if (apple ? event.metaKey : event.ctrlKey) mods.push('$mod');
  if (event.altKey) mods.push('Alt');
  const letter = /^[a-z]$/i.test(event.key);
  if (event.shiftKey) mods.push(letter || event.key.length > 1 ? 'Shift' : '[Shift]');
  const key = event.key === ' ' ? 'Space' : letter ? event.key.toLowerCase() : event.key;
  return [...mods, key].join('+');
}

/** Whether the focus is where letters are typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
  );
}
