// The one place that knows Cornerstone: draws a film on an element, by WebGL or on the processor.
// Must not decide what is shown: it gets a film, a view and a ramp. Loaded by import(), since it is large.
import { Enums, RenderingEngine, eventTarget, init, setUseCPURendering } from '@cornerstonejs/core';
import { getRenderingCapabilities } from '@cornerstonejs/core/utilities/renderingCapabilities';
import type { StackViewport, Types } from '@cornerstonejs/core';
import type { Film } from './films.ts';
import { forgetFilm, imageIdOf, levelOf, registerFilms } from './images.ts';
import { levelFor } from './levels.ts';
import type { Level } from './levels.ts';
import { orient, orientBack } from './view.ts';
import type { Size, View } from './view.ts';
import type { Ramp } from './window.ts';

export type Rendering = 'webgl' | 'cpu';

export interface Stage {
  readonly rendering: Rendering;
  /** Draws a film; done once it will be on screen with the next frame. Called again meanwhile, only the last counts. */
  draw(film: Film, view: View, ramp: Ramp): Promise<void>;
  /** Does beforehand what drawing a film will need. */
  prepare(film: Film, view: View): void;
  /** After the element has changed its size. */
  resize(): void;
  /** A film that will not be shown soon again. */
  forget(url: string): void;
  destroy(): void;
}

const VIEWPORT = 'film';
/** Distance of the camera, in film pixels. Any will do: the projection is parallel. */
const CAMERA_DISTANCE = 100;

let started = false;
let engines = 0;

function start(): void {
  if (started) return;
  started = true;
  // One film at a time: further WebGL contexts would only take memory.
  init({ rendering: { webGlContextCount: 1 } } as Types.Cornerstone3DConfig);
  registerFilms();
}

/** Longest side a film may have on the graphics card; null where there is no WebGL. */
export function largestTexture(): number | null {
  const { webgl, maxTextureSize } = getRenderingCapabilities();
  return webgl ? maxTextureSize : null;
}

/** `lost` is told when the graphics card lets go of what it shows, after which nothing more is drawn. */
export function createStage(element: HTMLDivElement, rendering: Rendering, lost: () => void): Stage {
  start();
  setUseCPURendering(rendering === 'cpu', false);
  const engine = new RenderingEngine(`osteon-${++engines}`);
  engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element });
  const viewport = engine.getViewport(VIEWPORT) as StackViewport;
  const onLost = (event: Event) => {
    if ((event as CustomEvent<{ renderingEngineId: string }>).detail.renderingEngineId === engine.id) lost();
  };
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, onLost);
  const size = (): Size => ({ width: element.clientWidth, height: element.clientHeight });
  if (rendering === 'cpu') fitCanvas(viewport, size());

  const apply = ({ film, view, ramp: { lower, upper, inverted } }: Picture) => {
    viewport.setProperties({ voiRange: { lower, upper }, invert: inverted }, true);
    const place = { view, halvings: halvingsFor(view), size: size() };
    if (rendering === 'cpu') placeOnCanvas(viewport, levelOf(film, place.halvings), place);
    else placeCamera(viewport, place);
    viewport.render();
  };
  return {
    rendering,
    draw: drawer((imageId) => viewport.setStack([imageId]), apply),
    prepare: (film, view) => void levelOf(film, halvingsFor(view)),
    resize() {
      if (rendering === 'cpu') fitCanvas(viewport, size());
      else engine.resize(true, true);
    },
    forget: forgetFilm,
    destroy() {
      eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, onLost);
      engine.destroy();
      element.replaceChildren();
    },
  };
}

interface Picture {
  film: Film;
  view: View;
  ramp: Ramp;
}

function halvingsFor({ scale }: View): number {
  return levelFor(scale * devicePixelRatio);
}

/** Draws pictures as they are asked for, putting another image up first where the film or its level is another. */
function drawer(putUp: (imageId: string) => Promise<unknown>, apply: (picture: Picture) => void): Stage['draw'] {
  let wanted: Picture | null = null;
  let up: string | null = null;
  let work: Promise<void> | null = null;
  const settle = async () => {
    try {
      while (wanted) {
        const imageId = imageIdOf(wanted.film, halvingsFor(wanted.view), wanted.ramp.tones);
        if (imageId === up) {
          apply(wanted);
          wanted = null;
        } else {
          up = null;
          await putUp(imageId);
          up = imageId;
        }
      }
    } finally {
      work = null;
    }
  };
  return (film, view, ramp) => {
    wanted = { film, view, ramp };
    // Not called at once: settling may end before the promise of it could be kept.
    work ??= Promise.resolve().then(settle);
    return work;
  };
}

interface Place {
  view: View;
  /** How often the film on stage was halved. */
  halvings: number;
  size: Size;
}

/** World points are pixels of the level, the middle of the first at the origin. A mirrored film is seen from behind. */
function placeCamera(viewport: StackViewport, { view, halvings, size }: Place): void {
  const { orientation, center, scale } = view;
  const film = 2 ** -halvings;
  const up = orientBack(orientation, { x: 0, y: -1 });
  const right = orientBack(orientation, { x: 1, y: 0 });
  const away = up.x * right.y - up.y * right.x;
  const focalPoint: Types.Point3 = [center.x * film - 0.5, center.y * film - 0.5, 0];
  viewport.setCamera({
    viewUp: [up.x, up.y, 0],
    viewPlaneNormal: [0, 0, -away],
    focalPoint,
    position: [focalPoint[0], focalPoint[1], -away * CAMERA_DISTANCE],
    parallelScale: (size.height / 2 / scale) * film,
    clippingRange: [CAMERA_DISTANCE / 10, CAMERA_DISTANCE * 2],
  });
}

/** Where Cornerstone's processor path keeps its view; `translation` is in pixels of the level, turned as the screen is. */
interface ProcessorView {
  viewport: {
    scale: number;
    translation: { x: number; y: number };
    rotation: number;
    hflip: boolean;
    vflip: boolean;
  };
}

/**
 * Written straight to where it is kept: the public way there goes through the middle of the canvas in CSS pixels,
 * which is not its middle where a CSS pixel is more than one of the screen's.
 */
function placeOnCanvas(viewport: StackViewport, { width, height }: Level, { view, halvings }: Place): void {
  const { orientation, center, scale } = view;
  const film = 2 ** -halvings;
  const held = viewport as unknown as { _cpuFallbackEnabledElement: ProcessorView };
  Object.assign(held._cpuFallbackEnabledElement.viewport, {
    scale: (scale * devicePixelRatio) / film,
    translation: orient(orientation, { x: width / 2 - center.x * film, y: height / 2 - center.y * film }),
    rotation: orientation.quarters * 90,
    hflip: orientation.mirrored,
    vflip: false,
  });
}

/** As many canvas pixels as the screen has. */
function fitCanvas({ canvas }: StackViewport, { width, height }: Size): void {
  canvas.width = Math.max(2, Math.round(width * devicePixelRatio));
  canvas.height = Math.max(2, Math.round(height * devicePixelRatio));
}
