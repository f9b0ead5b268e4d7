// Icons that stand for the same thing on several pages.
export { default as ReadIcon } from '#renderer/ui/ReadIcon.svelte';
export { default as LibraryIcon } from '@lucide/svelte/icons/layout-grid';
export { default as TrainIcon } from '@lucide/svelte/icons/chart-spline';
export { default as ResultsIcon } from '@lucide/svelte/icons/target';
export { default as ClassifyIcon } from '@lucide/svelte/icons/scan-search';
export { default as NetworkIcon } from '@lucide/svelte/icons/network';
export { default as CameraIcon } from '@lucide/svelte/icons/camera';
export { default as SettingsIcon } from '@lucide/svelte/icons/settings-2';
