import type { Ratio } from './model.ts';

/** `x0.83 (0.81-0.85)` for a difference, `x0.83` if the runs agree to these digits, else why it is none. */
export function ratioText({ ratio, interval, verdict }: Ratio): string {
  if (verdict === 'within spread' || verdict === 'single run') return verdict;
  const [least, greatest] = interval.map(ratioFigure);
  const text = `x${ratioFigure(ratio)}`;
  return least === greatest ? text : `${text} (${least}-${greatest})`;
}

/** A ratio in digits: three decimals only where two would round a difference away. */
export function ratioFigure(value: number): string {
  const two = value.toFixed(2);
  return two === '1.00' && value !== 1 ? value.toFixed(3) : two;
}
