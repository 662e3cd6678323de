import { expect } from 'vitest';
import { type Element, readXml } from './xml.test-util.ts';

/** What the schemas that go by the name of JUnit have in common: elements, their attributes (those required first) and children in order. */
const ELEMENTS: Readonly<Record<string, { required: string[]; children: string[] }>> = {
  testsuites: { required: ['name', 'tests', 'failures'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors', 'skipped'],
    children: ['testcase'],
  },
  testcase: {
    required: ['classname', 'name'],
    children: ['skipped', 'failure', 'system-out'],
  },
  skipped: { required: ['message'], children: [] },
  failure: { required: ['type', 'message'], children: [] },
  'system-out': { required: [], children: [] },
};

/** Reads JUnit XML and checks its structure and that its counts are those of what is in it. */
export function readJunit(text: string): Element {
  const root = readXml(text);
  expect(root.name).toBe('testsuites');
  check(root);
  for (const suite of root.children) {
    const having = (name: string) =>
      suite.children.filter((test) => test.children.some((child) => child.name === name)).length;
    expect(suite.attributes).toMatchObject({
      tests: String(suite.children.length),
      failures: String(having('failure')),
      skipped: String(having('skipped')),
    });
  }
  const sum = (key: string) =>
    String(root.children.reduce((all, { attributes }) => all + Number(attributes[key]), 0));
  expect(root.attributes).toMatchObject({ tests: sum('tests'), failures: sum('failures') });
  return root;
}

function check({ name, attributes, children }: Element): void {
  const rules = ELEMENTS[name];
  if (!rules) throw new Error(`JUnit has no <${name}>`);
  expect(Object.keys(attributes).sort(), name).toEqual([...rules.required].sort());
  const order = children.map((child) => rules.children.indexOf(child.name));
  expect(order, `children of ${name}`).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  children.forEach(check);
}

/** `suite / test: failure type` for each test that failed, and `skipped` for each left out. */
export function resultsOf(root: Element): string[] {
  return root.children.flatMap((suite) =>
    suite.children.flatMap((test) =>
      test.children.map(
        (child) =>
          `${suite.attributes.name} / ${test.attributes.name}: ${child.attributes.type ?? child.name}`,
      ),
    ),
  );
}
