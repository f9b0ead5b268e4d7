// What can be done to the view of a film, as commands: keys, palette and tool column share them.
import Contrast from '@lucide/svelte/icons/contrast';
import FlipHorizontalIcon from '@lucide/svelte/icons/triangles-centerline-dashed-vertical';
import FlipVerticalIcon from '@lucide/svelte/icons/triangles-centerline-dashed-horizontal';
import Maximize from '@lucide/svelte/icons/maximize';
import Move from '@lucide/svelte/icons/move';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import RotateCw from '@lucide/svelte/icons/rotate-cw';

import Undo from '@lucide/svelte/icons/undo-dot';
import ZoomIn from '@lucide/svelte/icons/zoom-in';
import ZoomOut from '@lucide/svelte/icons/zoom-out';
import type { Component } from 'svelte';
import type { Command } from '#renderer/commands/command.ts';
import type { Tool } from './mouse.ts';
import { presetWords, windowWords, zoomWords } from './view-words.ts';
import type { Viewer } from './viewer.svelte.ts';
import { presets } from './window.ts';
import type { Preset } from './window.ts';
import InvertIcon from './InvertIcon.svelte';
import OneToOneIcon from './OneToOneIcon.svelte';

const ZOOM_STEP = 1.25;
/** CSS pixels an arrow key moves the film. */
const PAN_STEP = 64;
/** CSS pixels of the mouse that an arrow key stands for when it sets window and level. */
const WINDOW_STEP = 12;

export interface ToolChoice {
  readonly tool: Tool;
  choose(tool: Tool): void;
}

export function viewCommands(viewer: Viewer, tools: ToolChoice): Command[] {
  const when = () => viewer.state === 'shown';
  const command = (
    id: string,
    title: string,
    keys: string[],
    icon: Component | undefined,
    run: () => unknown,
    more: Partial<Command> = {},
  ): Command => ({ id: `view.${id}`, title, group: 'This film', keys, ...(icon && { icon }), when, run, ...more });
  const tool = (name: Tool, title: string, key: string, icon: Component): Command =>
    command(`tool.${name}`, title, [key], icon, () => tools.choose(name), {
      hint: () => (tools.tool === name ? 'left mouse' : ''),
    });
  return [
    ...presets.map((preset, at) => presetCommand(viewer, preset, at)),
    tool('window', 'Window and level tool', 'w', Contrast),
    tool('pan', 'Pan tool', 't', Move),
    tool('zoom', 'Zoom tool', 'z', ZoomIn),
    command('invert', 'Invert', ['i'], InvertIcon, () => viewer.invert()),
    command('rotate-right', 'Rotate right', ['r'], RotateCw, () => viewer.rotateRight()),
    command('rotate-left', 'Rotate left', ['l'], RotateCcw, () => viewer.rotateLeft()),
    command('flip-horizontal', 'Flip left to right', ['h'], FlipHorizontalIcon, () => viewer.flipHorizontal()),
    command('flip-vertical', 'Flip top to bottom', ['v'], FlipVerticalIcon, () => viewer.flipVertical()),
    command('zoom-in', 'Zoom in', ['[Shift]++'], ZoomIn, () => viewer.zoomBy(ZOOM_STEP), {
      repeats: true,
      hint: () => zoomWords(viewer.zoom),
    }),
    command('zoom-out', 'Zoom out', ['-'], ZoomOut, () => viewer.zoomBy(1 / ZOOM_STEP), { repeats: true }),
    command('fit', 'Fit to window', ['='], Maximize, () => viewer.fit()),
    command('one-to-one', 'One film pixel to one screen pixel', ['x'], OneToOneIcon, () => viewer.oneToOne()),
    command('reset', 'Reset window, zoom and turn', ['Shift+Digit0'], Undo, () => viewer.reset()),
    ...arrows(viewer, when),
  ];
}

function presetCommand(viewer: Viewer, preset: Preset, at: number): Command {
  return {
    id: `view.window.${preset}`,
    title: `Window preset: ${presetWords[preset]}`,
    group: 'This film',
    keys: [`Shift+Digit${at + 1}`],
    icon: Contrast,
    when: () => viewer.state === 'shown' && viewer.hasPreset(preset),
    hint: () => (at === 0 ? `now: ${windowWords(viewer.window).toLowerCase()}` : ''),
    run: () => viewer.preset(preset),
  };
}

/** Shift and arrows move the film, Alt and arrows set window and level: up brightens, right widens. */
function arrows(viewer: Viewer, when: () => boolean): Command[] {
  const ways = [
    ['ArrowLeft', 'left', -1, 0],
    ['ArrowRight', 'right', 1, 0],
    ['ArrowUp', 'up', 0, -1],
    ['ArrowDown', 'down', 0, 1],
  ] as const;
  const windowWords = { left: 'Narrower window', right: 'Wider window', up: 'Brighter', down: 'Darker' };
  return ways.flatMap(([key, word, x, y]): Command[] => [
    {
      id: `view.pan-${word}`,
      title: `Move the film ${word}`,
      group: 'This film',
      keys: [`Shift+${key}`],
      unlisted: true,
      repeats: true,
      when,
      run: () => viewer.panBy({ x: x * PAN_STEP, y: y * PAN_STEP }),
    },
    {
      id: `view.window-${word}`,
      title: windowWords[word],
      group: 'This film',
      keys: [`Alt+${key}`],
      unlisted: true,
      repeats: true,
      when,
      run: () => viewer.dragWindow(viewer.window, { x: x * WINDOW_STEP, y: y * WINDOW_STEP }),
    },
  ]);
}
