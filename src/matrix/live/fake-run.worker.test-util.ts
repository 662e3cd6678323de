import { fakeStage } from '../fake-stage.test-util.ts';
import { serveRun } from './serve-run.ts';

/** A thread that runs a matrix with the fake kernel stage. */
await serveRun(fakeStage, new URL('../fake.worker.test-util.ts', import.meta.url));
