// What can be done on the page Camera, as commands.
import CameraIcon from '@lucide/svelte/icons/camera';
import FolderInput from '@lucide/svelte/icons/folder-input';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import type { Command } from '#renderer/commands/command.ts';
import type { Camera } from './camera.svelte.ts';
import type { Picture } from './picture.svelte.ts';

export interface CameraActions {
  camera: Camera;
  picture: () => Picture | null;
  canTake: () => boolean;
  take: () => Promise<void>;
  again: () => void;
  keep: () => Promise<void>;
  classify: () => Promise<void>;
}

export function cameraCommands({ camera, picture, canTake, take, again, keep, classify }: CameraActions): Command[] {
  const ready = () => picture()?.ready ?? false;
  return [
    {
      id: 'camera.on',
      title: 'Turn the camera on',
      group: 'This page',
      icon: CameraIcon,
      when: () => camera.state === 'off' || camera.state === 'trouble',
      run: () => camera.start(),
    },
    {
      id: 'camera.off',
      title: 'Turn the camera off',
      group: 'This page',
      icon: CameraIcon,
      when: () => camera.state === 'live',
      run: () => camera.stop(),
    },
    {
      id: 'camera.take',
      title: 'Take a picture',
      group: 'This page',
      keys: ['Space', 'Enter'],
      icon: CameraIcon,
      when: canTake,
      run: take,
    },
    {
      id: 'camera.keep',
      title: 'Into the library',
      group: 'This page',
      icon: FolderInput,
      when: ready,
      run: keep,
    },
    {
      id: 'camera.classify',
      title: 'Classify the picture',
      group: 'This page',
      icon: ScanSearch,
      when: ready,
      run: classify,
    },
    {
      id: 'camera.again',
      title: 'Take another picture',
      group: 'This page',
      keys: ['Backspace'],
      icon: RotateCcw,
      when: () => picture() !== null,
      run: again,
    },
  ];
}
