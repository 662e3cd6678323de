import { expect, it } from 'vitest';
import { bodyOf } from './function-changes.ts';

it.each([
  ['{}', 'stub-empty'],
  ['{ ;}', 'stub-empty'],
  ['{return;}', 'stub-empty'],
  ['{return 0;}', 'stub-constant'],
  ['{return;f();}', 'code'],
  ['{f();return;}', 'code'],
])('%s is %s', (body, kind) => expect(bodyOf(body)).toBe(kind));
