import { InputError } from '../input/index.ts';
import { fakeStage } from './fake-stage.test-util.ts';
import { serveCells } from './serve-cells.ts';

/** A worker thread with the fake stage; two seeds make it fail in the two ways there are. */
serveCells({
  ...fakeStage,
  simulate(kernel, workload, options) {
    if (options.seed === 1001) throw new TypeError('a fault of ours');
    if (options.seed === 1002) {
      throw new InputError([{ code: 'x', severity: 'error', message: 'a fault of the user' }]);
    }
    return fakeStage.simulate(kernel, workload, options);
  },
});
