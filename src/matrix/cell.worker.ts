import { kernelStage } from './kernel-stage.ts';
import { serveCells } from './serve-cells.ts';

/** A worker thread with the real kernel stage. */
serveCells(kernelStage);
