import { kernelStage } from '../kernel-stage.ts';
import { serveRun } from './serve-run.ts';

/** A thread that runs a matrix with the real kernel stage. */
void serveRun(kernelStage);
