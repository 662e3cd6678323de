/** Gates: what of a report is worse than in a baseline. */
export { type GateResult, gate, type Regression } from './regressions.ts';
export { GATE_WORDS, type GateRules, type GateWord, gateRules } from './rules.ts';
