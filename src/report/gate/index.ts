/** Gates: what of a report is worse than in a baseline. */

export { gateJunit } from './junit.ts';
export { type GateResult, gate, gateOfDiff, type Regression } from './regressions.ts';
export { GATE_WORDS, type GateRules, type GateWord, gateRules } from './rules.ts';
export { gateSarif } from './sarif.ts';
