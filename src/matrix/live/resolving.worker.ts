import { kernelStage } from '../kernel-stage.ts';
import { serveResolving } from './serve-resolving.ts';

/** A thread that resolves a matrix with the real kernel stage. */
void serveResolving(kernelStage);
