import { fakeStage } from '../fake-stage.test-util.ts';
import { serveResolving } from './serve-resolving.ts';

/** A thread that resolves a matrix with the fake kernel stage. */
await serveResolving(fakeStage);
