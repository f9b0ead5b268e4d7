// The mouse on a film, as in OHIF: left window and level, middle pan, right zoom, wheel through films, double click fit.
// Must not keep state of the view: it calls the viewer.
import type { Point } from './view.ts';
import type { Viewer } from './viewer.svelte.ts';
import type { GreyWindow } from './window.ts';

export const tools = ['window', 'pan', 'zoom'] as const;
/** What the left button does. */
export type Tool = (typeof tools)[number];

/** Pixels of the screen to drag for a zoom e times as large. */
const ZOOM_E_PX = 200;
/** Wheel steps that make one film; a notch of a wheel is 100 or more, a touch pad sends many small ones. */
const WHEEL_A_FILM = 60;
/** So that a spun wheel does not run past films unseen. */
const WHEEL_PAUSE_MS = 70;

export interface MouseWishes {
  tool: () => Tool;
  /** The wheel asks for the next film (1) or the one before (-1). */
  films?: (step: 1 | -1) => void;
}

interface Drag {
  tool: Tool;
  pointer: number;
  start: Point;
  last: Point;
  window: GreyWindow;
}

/** Listens on the element of a viewer; returns how to stop. */
export function handleMouse(element: HTMLElement, viewer: Viewer, wishes: MouseWishes): () => void {
  let drag: Drag | null = null;
  const place = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const listeners = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(type: K, listen: (event: HTMLElementEventMap[K]) => void) =>
    element.addEventListener(type, listen, { signal: listeners.signal, passive: false });

  on('pointerdown', (event) => {
    const tool = toolOf(event, wishes.tool());
    if (!tool || drag || viewer.state !== 'shown') return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const at = place(event);
    drag = { tool, pointer: event.pointerId, start: at, last: at, window: viewer.window };
  });
  on('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    const at = place(event);
    move(viewer, drag, at);
    drag.last = at;
  });
  const end = (event: PointerEvent) => {
    if (event.pointerId === drag?.pointer) drag = null;
  };
  on('pointerup', end);
  on('pointercancel', end);
  on('contextmenu', (event) => event.preventDefault());
  on('dblclick', () => viewer.fit());
  const turn = wheel(viewer, wishes, place);
  on('wheel', (event) => {
    event.preventDefault();
    turn(event);
  });
  return () => listeners.abort();
}

function toolOf({ button, pointerType }: PointerEvent, left: Tool): Tool | null {
  if (pointerType === 'touch') return 'pan';
  if (button === 0) return left;
  return button === 1 ? 'pan' : button === 2 ? 'zoom' : null;
}

function move(viewer: Viewer, { tool, start, last, window }: Drag, at: Point): void {
  if (tool === 'window') viewer.dragWindow(window, { x: at.x - start.x, y: at.y - start.y });
  else if (tool === 'pan') viewer.panBy({ x: at.x - last.x, y: at.y - last.y });
  else viewer.zoomBy(Math.exp((last.y - at.y) / ZOOM_E_PX), start);
}

/** With Ctrl, and for two fingers on a touch pad, the wheel zooms where the pointer is. */
function wheel(viewer: Viewer, wishes: MouseWishes, place: (event: MouseEvent) => Point): (event: WheelEvent) => void {
  let turned = 0;
  let lastFilmAt = 0;
  return (event) => {
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
    if (event.ctrlKey || event.metaKey) return viewer.zoomBy(Math.exp(-delta / ZOOM_E_PX), place(event));
    if (Math.sign(delta) !== Math.sign(turned)) turned = 0;
    turned += delta;
    if (Math.abs(turned) < WHEEL_A_FILM || event.timeStamp - lastFilmAt < WHEEL_PAUSE_MS) return;
    lastFilmAt = event.timeStamp;
    wishes.films?.(turned > 0 ? 1 : -1);
    turned = 0;
  };
}
