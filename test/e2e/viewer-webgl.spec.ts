// The viewer drawn by WebGL, in software where there is no graphics card.
import { viewerTests } from './viewer-tests.ts';

viewerTests('webgl');
